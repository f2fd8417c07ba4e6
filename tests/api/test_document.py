"""Invented requests from the API's own document: whatever is asked, the answer has a shape that the document names."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from shanglian.config.api import api

ROUTES = sorted(api.get_openapi_schema()["paths"])
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
INVENTING = settings(
    max_examples=15,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Requests stay in the test's transaction, as those of Django's own test client do."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.parametrize("route", ROUTES)
def test_every_answer_is_one_that_the_document_names(world: Any, program: Any, route: str) -> None:
    shown = {"Authorization": program(world.little.lin).defaults["HTTP_AUTHORIZATION"]}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application(), headers=shown)
    operation = schema[route]["GET"]

    @INVENTING
    @given(case=operation.as_strategy())
    def asked(case: Any) -> None:
        case.call_and_validate(headers=shown, checks=CHECKS)

    asked()
