"""What the log tells a reader of this room: imports of their organisation that others committed or took back, and what
others said in a draft of theirs (of each person and draft the last word).
"""

from collections.abc import Mapping, Sequence
from typing import Final

from django.db.models import CharField, Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext_lazy

from shanglian.archive.models import LogEntry
from shanglian.common.waiting import Notices, Reach, Told
from shanglian.directory.models import User
from shanglian.imports.labels import Label
from shanglian.imports.models import Batch, SourceFile
from shanglian.imports.waiting import open_at, rights_asked

DONE: Final[Mapping[str, tuple[Label, str]]] = {
    "import.commit": (gettext_lazy("The import %(files)s was committed"), "circle-check"),
    "import.undo": (gettext_lazy("The import %(files)s was taken back"), "arrow-back-up"),
}
SAID: Final[Mapping[str, tuple[Label, str]]] = {
    "import.amend": (gettext_lazy("A cell was mended in your draft %(files)s"), "pencil"),
    "import.withdraw_amendment": (gettext_lazy("A mended cell was withdrawn in your draft %(files)s"), "pencil"),
    "import.decide": (gettext_lazy("A doubtful row was decided in your draft %(files)s"), "gavel"),
    "import.decide_absence": (gettext_lazy("A possible leaver was decided in your draft %(files)s"), "gavel"),
    "import.columns": (gettext_lazy("Columns were named in your draft %(files)s"), "table"),
    "import.discard": (gettext_lazy("Your draft %(files)s was discarded"), "trash"),
}
BATCH: Final = Batch._meta.label_lower


def entries(reader: User, reach: Reach) -> Q:
    handed_in = Batch.objects.filter(created_by=reader).filter(open_at(reach, "upload"))
    later = LogEntry.objects.filter(
        verb__in=SAID, subject_type=BATCH, subject_id=OuterRef("subject_id"), actor=OuterRef("actor")
    )
    last = ~Exists(later.filter(pk__gt=OuterRef("pk")))
    done = Q(verb__in=DONE, subject_type=BATCH, subject_id__in=_ids(Batch.objects.filter(open_at(reach, "commit"))))
    return done | Q(verb__in=SAID, subject_type=BATCH, subject_id__in=_ids(handed_in)) & Q(last)


def _ids(batches: QuerySet[Batch]) -> QuerySet[Batch, str]:
    return batches.values_list(Cast("pk", CharField()), flat=True)


def told(found: Sequence[LogEntry], reader: User, reach: Reach) -> Mapping[int, Told]:
    files = Prefetch("files", SourceFile.objects.order_by("position"))
    batches = Batch.objects.prefetch_related(files).in_bulk({entry.subject_id for entry in found})
    by_id = {str(pk): batch for pk, batch in batches.items()}
    return {entry.pk: _told(entry, by_id[entry.subject_id]) for entry in found}


def _told(entry: LogEntry, batch: Batch) -> Told:
    words, icon = {**DONE, **SAID}[entry.verb]
    names = "、".join(file.name for file in batch.files.all())
    return Told(words % {"files": names}, icon, reverse("imports:batch", args=[batch.pk]))


NOTICES = Notices(entries, told, (*DONE, *SAID), rights_asked)
