"""Views that belong to no room: the process probe and the choice of language. Both work signed out."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Says nothing about the database: that is /readyz."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@login_not_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponseBase:
    """POST language=en or zh-hans and next=PATH; keeps the choice in a cookie. URL name: set_language."""
    return set_language(request)
