"""Pages of the imports room, below /imports/."""

from django.urls import path

from shanglian.imports import downloads, reviewing, views

app_name = "imports"
urlpatterns = [
    path("", views.batch_list, name="list"),
    path("new/", views.new, name="new"),
    path("<uuid:pk>/", views.batch, name="batch"),
    path("<uuid:pk>/progress/", views.progress, name="progress"),
    path("<uuid:pk>/rows/", views.rows, name="rows"),
    path("<uuid:pk>/files/<int:position>/", views.file, name="file"),
    path("<uuid:pk>/files/<int:position>/to-mend/", downloads.rejected, name="rejected-of-file"),
    path("<uuid:pk>/to-mend/", downloads.rejected, name="rejected"),
    path("<uuid:pk>/review/", reviewing.review, name="review"),
    path("<uuid:pk>/check/", views.check, name="check"),
    path("<uuid:pk>/commit/", views.commit, name="commit"),
    path("<uuid:pk>/undo/", views.undo, name="undo"),
]
