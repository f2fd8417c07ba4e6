"""Pages of the imports room, below /imports/."""

from django.urls import path

from shanglian.imports.views import batches, columns, discarding, downloads, leavers, problems, review, uploads

app_name = "imports"
urlpatterns = [
    path("", batches.batch_list, name="list"),
    path("new/", batches.new, name="new"),
    path("uploads/", uploads.begin, name="uploads"),
    path("uploads/<uuid:pk>/", uploads.upload, name="upload"),
    path("uploads/<uuid:pk>/give-up/", uploads.give_up, name="give-up"),
    path("<uuid:pk>/", batches.batch, name="batch"),
    path("<uuid:pk>/go-on/", batches.go_on, name="go-on"),
    path("<uuid:pk>/progress/", batches.progress, name="progress"),
    path("<uuid:pk>/stop/", batches.stop, name="stop"),
    path("<uuid:pk>/rows/", batches.rows, name="rows"),
    path("<uuid:pk>/files/<int:position>/", batches.file, name="file"),
    path("<uuid:pk>/files/<int:position>/to-mend/", downloads.rejected, name="rejected-of-file"),
    path("<uuid:pk>/to-mend/", downloads.rejected, name="rejected"),
    path("<uuid:pk>/leavers/", leavers.leavers, name="leavers"),
    path("<uuid:pk>/discard/", discarding.discard, name="discard"),
    path("<uuid:pk>/review/", review.review, name="review"),
    path("<uuid:pk>/columns/", columns.columns, name="columns"),
    path("<uuid:pk>/columns/forget/", columns.forget, name="forget-heading"),
    path("<uuid:pk>/problems/", problems.problems, name="problems"),
    path("<uuid:pk>/changed/", problems.changed, name="changed"),
    path("<uuid:pk>/check/", batches.check, name="check"),
    path("<uuid:pk>/commit/", batches.commit, name="commit"),
    path("<uuid:pk>/undo/", batches.undo, name="undo"),
]
