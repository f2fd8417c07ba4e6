"""Pages of the register, below /members/."""

from django.urls import path

from shanglian.members import downloads, member_views, tabs, views

app_name = "members"
urlpatterns = [
    path("", views.member_list, name="list"),
    path("tabs/", tabs.tab_counts, name="tabs"),
    path("views/", views.keep_view, name="keep-view"),
    path("views/<int:pk>/", views.change_view, name="change-view"),
    path("export/", downloads.export, name="export"),
    path("<int:pk>/", member_views.member, name="member"),
    path("<int:pk>/phones/", member_views.phones, name="phones"),
    path("<int:pk>/history/", member_views.field_history, name="history"),
    path("<int:pk>/access/", member_views.access, name="access"),
]
