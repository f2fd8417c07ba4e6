"""The second step: which column of the file is what, as guessed and as a person says."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe


@require_safe
def columns(request: HttpRequest, pk: UUID) -> HttpResponse:
    return redirect("imports:batch", pk)
