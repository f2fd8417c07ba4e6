"""What each page says of itself: what it is for, what its words mean, what to do next, and where the guide goes on.

One entry for each page of the frame, by the name of its address; the words are those of docs/glossary.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

Label = str | Promise
HOME, FURTHER, DUE, RECKONED, OPENING, MOVED, DRAFT, DOUBTFUL, LEAVER, KNOWN, LEDGER, TERM = (
    (_("Home membership"), _("where a member is counted; one who joined several organisations has one home")),
    (_("Memberships"), _("every membership counts, so that a member of two organisations counts twice")),
    (_("Due"), _("what the plan's path asks for by the day shown")),
    (_("Reckoned, not official"), _("carried over from the plan's own path; nobody issued it to this organisation")),
    (_("Opening"), _("members before the period, and stocks taken over with first rosters within it")),
    (_("Moved"), _("the home goes from one organisation to another; nobody left and nobody joined")),
    (_("Draft"), _("a list that was handed in and checked, and has changed nothing in the register yet")),
    (_("Doubtful"), _("a row the system does not decide by itself: a person says who is meant")),
    (_("Possible leaver"), _("a member whom a complete roster does not name; ended only if somebody says so")),
    (_("As known at the end of"), _("figures as they were believed on that day, without what was recorded later")),
    (_("Ledger"), _("every joining, leaving and move as an entry; corrected by a reversal, never rewritten")),
    (_("Term"), _("from one congress to the next; it stands as the list says and is never derived")),
)


@dataclass(frozen=True)
class Help:
    """`chapter`: file and heading of the guide (docs/guide), the heading as an anchor."""

    what: Label
    then: Label
    chapter: str
    words: Sequence[tuple[Label, Label]] = field(default=())

    @property
    def url(self) -> str:
        """The chapter; who does not read Chinese gets the guide in English."""
        chinese = (get_language() or "zh").startswith("zh")
        name, _hash, anchor = (self.chapter if chinese else "en").partition("#")
        return reverse("guide", args=[name]) + (f"#{anchor}" if anchor else "")


HELP: dict[str, Help] = {
    "home": Help(
        _("Where the plan stands on a day: a conclusion, each target, who is behind and what moved this year."),
        _("Follow a number to its members; choose another organisation above or another day beside the title."),
        "leader#1-先看结论和目标卡", (DUE, RECKONED, OPENING, MOVED),
    ),
    "inbox": Help(
        _("What only you or your colleagues can finish, from all parts of the system, the most urgent first."),
        _("Open a line and do what it says; it goes away by itself. What others did stands under the bell."),
        "README#共同的几点", (DRAFT, DOUBTFUL, LEAVER),
    ),
    "notices": Help(
        _("What others did that concerns you or your organisation."),
        _("Open what you want to look into, then mark it as read, alone or with all others."),
        "README#共同的几点", (MOVED,),
    ),
    "members:list": Help(
        _("The members of an organisation and everything below it on a day, with the conditions you choose."),
        _("Write two characters of a name, or choose conditions; save what you often ask for as a view."),
        "officer#1-会员名册", (HOME, FURTHER, OPENING, MOVED),
    ),
    "members:export": Help(
        _("Take the list away as a file, with the conditions it was found by."),
        _("Say what for: the log keeps it with your name. The file holds personal data; keep it as such."),
        "officer#选择和导出",
    ),
    "members:member": Help(
        _("The archive of a member: numbers, particulars, memberships, posts and every ledger entry."),
        _("Open an entry to see the row of the list it came from and the original file."),
        "officer#2-会员档案", (HOME, LEDGER),
    ),
    "members:history": Help(
        _("What was known of each particular of a member, since when, and who said so."),
        _("Compare the days; the source of each line leads to the list it came from."),
        "officer#变更历史", (LEDGER,),
    ),
    "members:access": Help(
        _("Who can see this member, by which post and right."),
        _("Where somebody should not, the administrator ends the appointment; nothing is hidden row by row."),
        "officer#谁能看到",
    ),
    "imports:list": Help(
        _("Lists that were handed in, yours first, with what became of their rows."),
        _("Hand in a list on the left, or go on with a draft. Nothing reaches the register before you commit it."),
        "clerk#第一步-上传文件", (DRAFT,),
    ),
    "imports:columns": Help(
        _("Which column of the file means which field."),
        _("Look at the marked columns, correct what is wrong, then confirm; the system remembers the headings."),
        "clerk#第二步-对应列",
    ),
    "imports:problems": Help(
        _("Rows that cannot be booked as they stand, and why."),
        _("Mend a cell here, accept a proposal, or leave the row out; the file as handed in is never changed."),
        "clerk#第三步-检查问题", (DOUBTFUL,),
    ),
    "imports:review": Help(
        _("Rows that may mean somebody the register already has."),
        _("Compare both sides and say: the same, somebody else, or left out. It can be changed until you commit."),
        "clerk#待确认的行", (DOUBTFUL, MOVED),
    ),
    "imports:leavers": Help(
        _("Members whom a complete roster does not name."),
        _("Say of each whether it has left, and why, or stays. Nobody is ended without a word."),
        "clerk#第四步-预览变化", (LEAVER,),
    ),
    "imports:batch": Help(
        _("What an import would change, or has changed: new, changed, unchanged, doubtful and rejected rows."),
        _("Look at the changes, decide what is open, then commit. A whole import can be taken back later."),
        "clerk#第四步-预览变化", (DRAFT, DOUBTFUL, LEAVER),
    ),
    "imports:rows": Help(
        _("Every row of the import with its cells as handed in and what became of it."),
        _("Choose a tab to see only the rows of one kind."),
        "clerk#第四步-预览变化", (DOUBTFUL,),
    ),
    "imports:undo": Help(
        _("Take back everything this import booked, by reversals; the entries stay readable."),
        _("Read what stands in the way, then confirm. The file can be handed in again afterwards."),
        "clerk#导错了整批撤销", (LEDGER,),
    ),
    "imports:discard": Help(
        _("Put a draft away that nobody wants any more."),
        _("Nothing was booked of it and its file is kept; checking it again takes it up."),
        "clerk#第四步-预览变化", (DRAFT,),
    ),
    "directory:orgs": Help(
        _("The federations, zones and chambers as they stood on a day, with their members."),
        _("Open one for its history, posts and figures; ask for a name, a kind or another day above."),
        "officer#3-组织", (HOME,),
    ),
    "directory:org": Help(
        _("One organisation on a day: its figures, what lies below it, its posts and every recorded change."),
        _("Follow a number to its members; compare with today's tree, or with what was known on an earlier day."),
        "officer#3-组织", (HOME, FURTHER, KNOWN, OPENING),
    ),
    "posts:list": Help(
        _("Who holds which post in an organisation on a day, and from which list it is known."),
        _("Hand in the new list when posts have ended or end soon."),
        "officer#4-商会名录和职务", (TERM,),
    ),
    "guide": Help(
        _("The users' guide, chapter by chapter."),
        _("Begin with the chapter of your own work."),
        "README#共同的几点",
    ),
}  # fmt: skip
