"""The columns of the movement table in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# column of the movement table -> (its name, the sign it enters the balance with)
COLUMNS: dict[str, tuple[Promise, str]] = {
    "opening": (_("Opening"), ""),
    "joined": (_("Joined"), "+"),
    "moved_in": (_("Moved in"), "+"),
    "reclassified_in": (_("Reclassified in"), "+"),
    "left": (_("Left"), "−"),
    "moved_out": (_("Moved out"), "−"),
    "reclassified_out": (_("Reclassified out"), "−"),
    "closing": (_("Closing"), "="),
}
