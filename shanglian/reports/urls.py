"""The home page, what waits for the reader, notices, and the probe of readiness."""

from django.urls import path

from shanglian.reports import guide_views, inbox_views, views

urlpatterns = [
    path("", views.home, name="home"),
    path("progress.xlsx", views.home_export, name="home_export"),
    path("areas.geojson", views.home_boundaries, name="home_boundaries"),
    path("inbox/", inbox_views.inbox, name="inbox"),
    path("notices/", inbox_views.notices, name="notices"),
    path("notices/read/", inbox_views.mark_read, name="notices_read"),
    path("guide/<str:name>/", guide_views.guide, name="guide"),
    path("guide/pictures/<str:name>", guide_views.picture, name="guide_picture"),
    path("readyz", views.readyz, name="readyz"),
]
