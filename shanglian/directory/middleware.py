"""Whoever still has the password somebody else gave them changes it before anything else."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse

from shanglian.directory.models import User

Handler = Callable[[HttpRequest], HttpResponse]

OPEN_PATHS = ("/healthz", "/readyz")
OPEN_NAMES = ("account_change_password", "account_logout", "set_language")


def first_password(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Redirect a user with must_change_password to the page that changes it; signing out stays possible."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, User) and user.must_change_password and not _is_open(request):
            return redirect("account_change_password")
        return get_response(request)

    return middleware


def _is_open(request: HttpRequest) -> bool:
    if request.path.startswith((str(settings.STATIC_URL), *OPEN_PATHS)):
        return True
    return any(request.path == _address(name) for name in OPEN_NAMES)


def _address(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
