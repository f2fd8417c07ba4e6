"""The home page and the probe of readiness."""

from django.urls import path

from shanglian.reports import views

urlpatterns = [
    path("", views.home, name="home"),
    path("progress.xlsx", views.home_export, name="home_export"),
    path("areas.geojson", views.home_boundaries, name="home_boundaries"),
    path("readyz", views.readyz, name="readyz"),
]
