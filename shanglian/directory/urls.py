"""Pages of the directory, below /orgs/."""

from django.urls import path

from shanglian.directory import views

app_name = "directory"
urlpatterns = [
    path("", views.orgs, name="orgs"),
    path("<slug:code>/", views.org, name="org"),
]
