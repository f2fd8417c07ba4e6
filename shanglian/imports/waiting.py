"""What waits in the imports room for a person: drafts of the reader, drafts others left behind, imports that stopped.

A draft a job is at work on waits for nobody. Only what the reader may go on with is told.
"""

from datetime import timedelta
from typing import Final

from django.db.models import CharField, Count, Exists, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from procrastinate.contrib.django.models import ProcrastinateJob

from shanglian.common.waiting import Item, Reach, Waiting
from shanglian.directory.models import User
from shanglian.directory.queries import SYSTEM_USERNAME
from shanglian.imports.kinds import import_kinds
from shanglian.imports.labels import failure_sentence
from shanglian.imports.listing import GROUPS
from shanglian.imports.models import Batch, SourceFile
from shanglian.imports.pages import Figures, figures_of
from shanglian.imports.steps import columns_to_look_at

LEFT_BEHIND: Final = timedelta(days=7)  # after which a draft of somebody else waits for everyone who may commit it
State = Batch.State


def rights_asked() -> set[str]:
    return {right for kind in import_kinds() for right in (kind.rights.upload, kind.rights.commit)}


def open_at(reach: Reach, step: str) -> Q:
    """Batches with which this step may be taken, by the rights their kinds name."""
    found = Q(pk__in=[])
    for kind in import_kinds():
        found |= Q(kind=kind.key, org__in=reach[getattr(kind.rights, step)])
    return found


def waiting_drafts(reader: User, reach: Reach) -> QuerySet[Batch]:
    """Drafts the reader had a hand in, those others have not touched for a while, and those no person handed in; none a
    job is at work on.
    """
    jobs = ProcrastinateJob.objects.filter(
        status__in=["todo", "doing"], lock=Concat(Value("batch-"), Cast(OuterRef("pk"), CharField()))
    )
    mine = Q(created_by=reader) | Q(touched_by=reader)
    nobodys = Q(created_by__username=SYSTEM_USERNAME, touched_by=None)
    left = (nobodys | Q(last__lt=timezone.now() - LEFT_BEHIND)) & open_at(reach, "commit")
    drafts = Batch.objects.filter(~Exists(jobs), state__in=GROUPS["drafts"])
    return drafts.alias(last=Coalesce("touched_at", "created_at")).filter(mine & open_at(reach, "upload") | left)


def waiting_items(reader: User, reach: Reach) -> list[Item]:
    """Each of them with the next thing to do, in a number of queries that does not grow with them."""
    drafts = list(
        waiting_drafts(reader, reach)
        .annotate(absent=Count("absences", filter=Q(absences__choice="")))
        .select_related("created_by", "org")
        .prefetch_related(Prefetch("files", SourceFile.objects.order_by("position")))
        .order_by("created_at", "pk")
    )
    figures, looks = figures_of([draft.pk for draft in drafts]), columns_to_look_at(drafts)
    return [_item(draft, figures[draft.pk], looks[draft.pk], draft.absent, reader) for draft in drafts]


def _item(draft: Batch, figures: Figures, looks: int, absent: int, reader: User) -> Item:
    page, kind, what = _next(draft, figures, looks, absent)
    name = "、".join(file.name for file in draft.files.all())
    own = reader.pk in {draft.created_by_id, draft.touched_by_id}
    whose = "" if own else _("handed in by %(who)s") % {"who": draft.created_by}
    last = timezone.localtime(draft.touched_at or draft.created_at).date()
    words = _("%(files)s: %(what)s") % {"files": name, "what": what}
    return Item(words, kind, reverse(page, args=[draft.pk]), draft.org_id, last, whose)


def _next(draft: Batch, figures: Figures, looks: int, absent: int) -> tuple[str, str, str]:
    """(page, how urgent, in words) of the first thing that is to be done."""
    if draft.failure:
        return "imports:batch", "bad", failure_sentence(draft)
    if draft.awaits_names:
        return "imports:columns", "warn", _("say what its columns are")
    if draft.state != State.PREVIEWED:
        return "imports:batch", "bad", _("interrupted; start it again")
    if draft.behind:
        return "imports:batch", "warn", _("something was said of it; check it again")
    if looks:
        words = ngettext("%(n)d column wants a look", "%(n)d columns want a look", looks)
        return "imports:columns", "warn", words % {"n": looks}
    if figures.open:
        words = ngettext("%(n)d doubtful row to decide", "%(n)d doubtful rows to decide", figures.open)
        return "imports:review", "warn", words % {"n": figures.open}
    if absent:
        words = ngettext("%(n)d possible leaver to decide", "%(n)d possible leavers to decide", absent)
        return "imports:leavers", "warn", words % {"n": absent}
    if rejected := figures.fates["rejected"] + figures.fates["doubtful"]:
        words = ngettext("%(n)d row to mend or to leave out", "%(n)d rows to mend or to leave out", rejected)
        return "imports:problems", "warn", words % {"n": rejected}
    return "imports:batch", "info", _("ready to commit")


WAITING = Waiting(waiting_items, rights_asked, waiting_drafts, entry="imports:list")
