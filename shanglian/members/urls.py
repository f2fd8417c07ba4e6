"""Pages of the register, below /members/."""

from django.urls import path

from shanglian.members import views

app_name = "members"
urlpatterns = [
    path("", views.member_list, name="list"),
    path("<int:pk>/", views.member, name="member"),
]
