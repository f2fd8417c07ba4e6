"""The third step: what is wrong, row by row, and the mending of it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe


@require_safe
def problems(request: HttpRequest, pk: UUID) -> HttpResponse:
    return redirect("imports:batch", pk)
