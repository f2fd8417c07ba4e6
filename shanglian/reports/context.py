"""The frame around every page: navigation, the organisation looked at, who is signed in, the sample mark.

Worked out only when a template asks for it, so that fragments and error pages cost nothing. The organisation
comes from `?org=CODE`, so that an address can be sent to a colleague; what the reader may not see falls back
to their own.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shanglian.common.core.periods import quarter_end, quarter_ends
from shanglian.common.core.policy import PolicyError
from shanglian.directory.access import visible_org_ids_of
from shanglian.directory.core.kinds import OrgKind, is_chamber
from shanglian.directory.core.rights import Role
from shanglian.directory.kept import (
    Standing,
    Version,
    has_samples,
    lines_of,
    names_kept,
    only_city,
    org_of,
    paths_of,
    standing_of,
    tree_version,
)
from shanglian.directory.labels import ROLES
from shanglian.directory.models import Org, User
from shanglian.directory.queries import OrgLine, today
from shanglian.reports.help import HELP, Help
from shanglian.reports.inbox import counts_for, rights_asked
from shanglian.reports.queries import plan_along

Label = str | Promise

# group -> (label, icon, URL name); an entry appears when its page exists
NAVIGATION: list[tuple[Label, list[tuple[Label, str, str]]]] = [
    ("", [(_("Plan progress"), "layout-dashboard", "home"), (_("My tasks"), "list-check", "inbox")]),
    (
        _("Members"),
        [(_("Member register"), "users", "members:list"), (_("List import"), "file-spreadsheet", "imports:list")],
    ),
    (_("Organisation"), [(_("Organisation tree"), "sitemap", "directory:orgs"), (_("Posts"), "id", "posts:list")]),
]


@dataclass(frozen=True)
class NavEntry:
    label: Label
    icon: str
    url: str
    current: bool
    count: int = 0  # things to do there


@dataclass(frozen=True)
class NavGroup:
    label: Label
    entries: list[NavEntry]


@dataclass(frozen=True)
class Choice:
    """An organisation in the switcher; `level` indents it, `url` is this page for that organisation."""

    code: str
    name: str
    level: int
    url: str
    current: bool


@dataclass(frozen=True)
class PlanPeriod:
    """规划期: the years of a plan, and which of its quarters a day lies in."""

    first_day: date
    last_day: date
    day: date

    @property
    def quarters(self) -> int:
        return len(list(quarter_ends(self.first_day, quarter_end(self.last_day))))

    @property
    def quarter(self) -> int:
        """From 1; 0 before the first and after the last."""
        if not self.first_day <= self.day <= self.last_day:
            return 0
        return len(list(quarter_ends(self.first_day, quarter_end(self.day))))

    @property
    def ended(self) -> bool:
        return self.day > self.last_day


class Shell:
    """What base.html asks for. Each property costs at most a few small queries and is asked at most once."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.asked = request.GET.get("org", "")
        self.day = _day_of(request)  # the home page may show another where none is asked for

    @cached_property
    def user(self) -> User | None:
        user = getattr(self.request, "user", None)
        return user if isinstance(user, User) else None

    @cached_property
    def standing(self) -> Standing | None:
        return standing_of(self.user) if self.user else None

    @cached_property
    def tree(self) -> Version:
        return self.standing.tree if self.standing else tree_version()

    @cached_property
    def post(self) -> tuple[Role, Org] | None:
        """The first post in force, the widest organisation first."""
        if self.standing is None:
            return None
        held = [(role, org_of(org_id, self.tree)) for role, org_id in self.standing.held]
        return min(held, key=lambda post: (post[1].code, post[0]), default=None)

    @cached_property
    def visible(self) -> dict[str, list[int]]:
        """Where the reader may do what pages ask for most, worked out once for view and frame."""
        verbs = ("members.view", "plans.view", *rights_asked())
        return dict(zip(verbs, visible_org_ids_of(self.user, *verbs) if self.user else ([], []), strict=True))

    @cached_property
    def lines(self) -> Sequence[OrgLine]:
        return lines_of(tuple(self.visible["members.view"]), today(), self.tree) if self.user else ()

    def name_of(self, org: Org | None) -> tuple[str, str]:
        """Its full name, for paper, and its short name, for the top bar."""
        return names_kept(today(), self.tree)[org.pk] if org else ("", "")

    @cached_property
    def org(self) -> Org | None:
        """The organisation the page is about: the one asked for if visible, else the reader's own."""
        asked = [line.org for line in self.lines if line.org.code == self.asked]
        if asked:
            return asked[0]
        return self.post[1] if self.post else None

    @cached_property
    def org_name(self) -> str:
        """Its short name, for the top bar."""
        return self.name_of(self.org)[1]

    @cached_property
    def org_full_name(self) -> str:
        """Its full name, for paper."""
        return self.name_of(self.org)[0]

    @cached_property
    def period(self) -> PlanPeriod | None:
        """Of the plan the organisation is measured by; None without one, and where its file is broken."""
        if self.org is None:
            return None
        try:
            plan = plan_along(paths_of((self.org.pk,), today(), self.tree)[self.org.pk], self.day)
        except PolicyError:  # the plan's own page says what is wrong with it
            return None
        return PlanPeriod(plan.first_day, plan.last_day, self.day) if plan else None

    @cached_property
    def orgs(self) -> list[Choice]:
        """Federations and zones, and the one looked at; chambers are reached through their federation."""
        kept = [
            line
            for line in self.lines
            if not is_chamber(OrgKind(line.org.kind)) or len(self.lines) <= 20 or line.org == self.org
        ]
        top = min((line.depth for line in kept), default=0)
        return [
            Choice(
                code=line.org.code,
                name=line.short_name or line.name,
                level=min(line.depth - top, 3),
                url=f"?org={line.org.code}",
                current=line.org == self.org,
            )
            for line in kept
        ]

    @cached_property
    def nav(self) -> list[NavGroup]:
        groups = [
            NavGroup(label, [found for entry in entries if (found := self._entry(*entry))])
            for label, entries in NAVIGATION
        ]
        return [group for group in groups if group.entries]

    def _entry(self, label: Label, icon: str, name: str) -> NavEntry | None:
        url = address(name)
        if not url:
            return None
        path = self.request.path
        scope = f"?{urlencode({'org': self.asked})}" if self.asked and self.org else ""
        current = path == url if url == "/" else path.startswith(url)
        count = self.waiting if name == "inbox" else self.counts[0][name]
        return NavEntry(label, icon, url + ("" if name == "inbox" else scope), current, count)

    @cached_property
    def counts(self) -> tuple[Counter[str], int]:
        """How many things wait for the reader, by navigation entry, and how many notices are unread."""
        return counts_for(self.user, self.visible) if self.user else (Counter(), 0)

    @property
    def waiting(self) -> int:
        return self.counts[0].total()

    @property
    def unread(self) -> int:
        return self.counts[1]

    @cached_property
    def site(self) -> Org | None:
        """The federation this installation belongs to: its city, where there is exactly one."""
        return only_city(self.tree)

    @cached_property
    def site_name(self) -> str:
        return self.name_of(self.site)[0]

    @cached_property
    def own_name(self) -> str:
        """The organisation of the reader's post."""
        return self.name_of(self.post[1])[1] if self.post else ""

    @cached_property
    def initial(self) -> str:
        return str(self.user)[:1] if self.user else ""

    @cached_property
    def role(self) -> Label:
        return ROLES[self.post[0]] if self.post else ""

    @cached_property
    def sample(self) -> bool:
        """Invented data lives in this installation: every page and print says so."""
        return has_samples(self.tree)

    @property
    def help(self) -> Help | None:
        match = self.request.resolver_match
        return HELP.get(match.view_name) if match else None

    @cached_property
    def search_url(self) -> str:
        return address("members:list")

    @cached_property
    def printed_at(self) -> datetime:
        return timezone.localtime()


def _day_of(request: HttpRequest) -> date:
    """The day a page is about, as its address says (`?on=2016-06-30`); else today."""
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:  # the page's own form says so
        return today()


def address(name: str) -> str:
    """The address of a named page, or nothing if this installation has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def shell_of(request: HttpRequest) -> Shell:
    """The frame of this request, one for its view and its template."""
    made: Shell = vars(request).setdefault("shell", Shell(request))
    return made


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context processor."""
    return {"shell": shell_of(request)}
