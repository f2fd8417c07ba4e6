"""How the API answers what goes wrong: problem+json with the codes and the request id of the pages."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as Refusal
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from shanglian.common.http import CODES, problem, title_of
from shanglian.common.schemas import Problem

Handler = Callable[[HttpRequest, Any], HttpResponse]
ANSWERS = (401, 403, 404, 405, 409, 422, 429, 500)


class Api(NinjaAPI):
    """Its document names the problems that every address may answer with, and both ways of signing in."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        parts = schema.setdefault("components", {})
        parts.setdefault("schemas", {})["Problem"] = Problem.model_json_schema()
        parts["securitySchemes"] = {
            "token": {"type": "http", "scheme": "bearer"},
            "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
        }
        schema["security"] = [{"token": []}, {"session": []}]
        body = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        problems = {str(status): {"description": CODES[status], "content": body} for status in ANSWERS}
        for path in schema["paths"].values():
            for operation in path.values():
                operation["responses"] = {str(k): v for k, v in operation["responses"].items()} | problems
        return schema


def not_found(request: HttpRequest, exception: Http404) -> HttpResponse:
    """Also for what exists but is not the reader's to see."""
    return problem(request, 404, _("It may have been moved, or it is outside your area of responsibility."))


def forbidden(request: HttpRequest, exception: PermissionDenied) -> HttpResponse:
    """With the reason: its code, and its sentence."""
    reason = str(getattr(exception, "reason", "") or "")
    return problem(request, 403, str(exception) or _("Your role does not allow this."), code=reason)


def invalid(request: HttpRequest, exception: ValidationError) -> HttpResponse:
    """What was asked cannot be meant; `errors` names each parameter."""
    errors = [{"where": [str(part) for part in one["loc"]], "message": str(one["msg"])} for one in exception.errors]
    return problem(request, 422, _("Mend the parameters named in errors."), errors=errors)


def refused(request: HttpRequest, exception: Refusal) -> HttpResponse:
    return problem(request, 422, " ".join(exception.messages), code=getattr(exception, "code", None) or "")


def http_error(request: HttpRequest, exception: HttpError) -> HttpResponse:
    status = exception.status_code if exception.status_code in CODES else 400
    return problem(request, status, str(exception) or title_of(status))


def unexpected(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django answers it, as for a page."""
    raise exception


HANDLERS: dict[type[Exception], Handler] = {
    Http404: not_found,
    PermissionDenied: forbidden,
    ValidationError: invalid,
    Refusal: refused,
    HttpError: http_error,
    Exception: unexpected,
}
