"""What waits in the plans room: files with errors, which are not used. Whoever keeps the installation mends them."""

from typing import Final

from django.utils.translation import gettext as _

from shanglian.common.core.policy import PolicyError
from shanglian.common.waiting import Item, Reach, Waiting
from shanglian.plans.queries import load_plan, plan_files
from shanglian.plans.wording import policy_message

RIGHT: Final = "users.edit"  # the administrator's


def waiting_items(reader: object, reach: Reach) -> list[Item]:
    if not reach[RIGHT]:
        return []
    found: list[Item] = []
    for name, path in plan_files().items():
        try:
            load_plan(name)
        except PolicyError as error:
            what = _("Plan file %(name)s has errors and is not used; mend it on the server") % {"name": path.name}
            found.append(Item(what, "bad", detail=policy_message(error).split("\n", 1)[-1]))
    return found


WAITING = Waiting(waiting_items, lambda: (RIGHT,))
