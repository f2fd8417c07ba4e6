"""Who is asking, before any page or address of the API is: a program by its token; and whoever still has the password
somebody else gave them changes it before anything else.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from ninja.utils import check_csrf

from shanglian.common.http import problem, wants_problem
from shanglian.directory.models import User
from shanglian.directory.queries import user_of_token

Handler = Callable[[HttpRequest], HttpResponse]

OPEN_PATHS = ("/healthz", "/readyz")
OPEN_NAMES = ("account_change_password", "account_logout", "set_language")


def api_door(get_response: Handler) -> Handler:
    """Below /api/ a stranger is told so and not sent to the sign-in page; a token stands for its user.

    Who comes with the session of the pages sends the token of its forms along with whatever writes.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/api/"):
            return get_response(request)
        shown = request.headers.get("Authorization")
        if shown is not None:
            found = user_of_token(shown.removeprefix("Bearer "))
            if found is None:
                return _stranger(request, _("This token is unknown, revoked or has expired."))
            request.user = found
        elif not request.user.is_authenticated:
            return _stranger(request, _("Send a token (Authorization: Bearer …), or sign in on the pages."))
        elif (failure := check_csrf(request)) is not None:
            return failure
        response = get_response(request)
        if response.status_code == 405:
            return problem(request, 405, _("Only GET is answered here."))
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def _stranger(request: HttpRequest, sentence: str) -> HttpResponse:
    response = problem(request, 401, sentence)
    response["WWW-Authenticate"] = "Bearer"
    return response


def first_password(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Redirect a user with must_change_password to the page that changes it; signing out stays possible."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, User) and user.must_change_password and not _is_open(request):
            if wants_problem(request):
                return problem(request, 403, _("Sign in on the pages and change your password first."))
            return redirect("account_change_password")
        return get_response(request)

    return middleware


def one_look(get_response: Handler) -> Handler:
    """A request that changes nothing looks up once what its reader may do."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD") and isinstance(request.user, User):
            request.user.reads_only = True
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
