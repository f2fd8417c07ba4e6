"""The application with one more address, /empty: a view that only knows who is asking. Served by bench/pages.py."""

from importlib import import_module

from django.http import HttpRequest, HttpResponse
from django.urls import path

from shanglian.config.wsgi import application

__all__ = ["application"]


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.user.pk))


import_module("shanglian.config.urls").urlpatterns.append(path("empty", empty))
