"""The API, /api/v1/: one router of each room. Who is asking is settled before (directory/middleware.py)."""

from shanglian import __version__
from shanglian.common.api import HANDLERS, Api
from shanglian.directory.api import router as organisations
from shanglian.imports.api import router as imports
from shanglian.members.api import figures
from shanglian.members.api import router as members
from shanglian.plans.api import measures
from shanglian.plans.api import router as plans

api = Api(
    title="Shanglian 商联",
    version=__version__,
    description="Reads what the pages show, under the same rights. See docs/api.md.",
    urls_namespace="api",
    docs_url=None,
)
for prefix, router in {
    "/members": members,
    "/organisations": organisations,
    "/imports": imports,
    "/plans": plans,
    "/measures": measures,
    "": figures,
}.items():
    api.add_router(prefix, router)
for kind, handler in HANDLERS.items():
    api.add_exception_handler(kind, handler)
