"""Which room answers which address. Addresses carry no language: the same link opens in the reader's own."""

from django.urls import URLPattern, URLResolver, include, path

from shanglian.common import views as common
from shanglian.config.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("shanglian.reports.urls")),
    path("account/", include("shanglian.directory.account_urls")),
    path("members/", include("shanglian.members.urls")),
    path("imports/", include("shanglian.imports.urls")),
    path("posts/", include("shanglian.structure.urls")),
    path("orgs/", include("shanglian.reports.org_urls")),
    path("api/v1/", api.urls),
    path("language/", common.choose_language, name="set_language"),
    path("healthz", common.healthz, name="healthz"),
]

handler400 = "shanglian.common.errors.bad_request"
handler403 = "shanglian.common.errors.forbidden"
handler404 = "shanglian.common.errors.not_found"
handler500 = "shanglian.common.errors.internal_error"
