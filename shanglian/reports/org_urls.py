"""Pages about organisations, below /orgs/. Their names are those of the directory, whose things they show."""

from django.urls import path

from shanglian.reports import org_views as views

app_name = "directory"
urlpatterns = [
    path("", views.orgs, name="orgs"),
    path("<slug:code>/", views.org, name="org"),
]
