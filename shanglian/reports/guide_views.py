"""Pages of the users' guide and their pictures, for everybody who is signed in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shanglian.reports.guide import CHAPTERS, chapter, picture_path


@require_safe
def guide(request: HttpRequest, name: str) -> HttpResponse:
    if name not in CHAPTERS:
        raise Http404
    title, body = chapter(name)
    chapters = [(one, chapter(one)[0], one == name) for one in CHAPTERS]
    return render(request, "reports/guide.html", {"title": title, "body": body, "name": name, "chapters": chapters})


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponse:
    path = picture_path(name)
    if path is None:
        raise Http404
    return HttpResponse(path.read_bytes(), content_type="image/png")
