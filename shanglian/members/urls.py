"""Pages of the register, below /members/."""

from django.urls import path

from shanglian.members import downloads, views

app_name = "members"
urlpatterns = [
    path("", views.member_list, name="list"),
    path("export/", downloads.export, name="export"),
    path("<int:pk>/", views.member, name="member"),
]
