"""Pages about the structure of the federation, below /posts/."""

from django.urls import path

from shanglian.structure import views

app_name = "posts"
urlpatterns = [
    path("", views.post_list, name="list"),
]
