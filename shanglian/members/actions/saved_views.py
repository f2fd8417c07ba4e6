"""A person's own views of the member list: a name, and what the list is asked for."""

from django.db import transaction

from shanglian.archive.actions import log
from shanglian.directory.models import User
from shanglian.members.models import SavedView

MOST = 20  # of one person


class TooManyViews(Exception):
    """The person has MOST views already."""


@transaction.atomic
def save_view(*, name: str, query: str, actor: User) -> SavedView:
    """Keep a view of `actor` under a name; one of that name is replaced. Raises TooManyViews."""
    own = SavedView.objects.select_for_update().filter(user=actor)
    if not own.filter(name=name).exists() and own.count() >= MOST:
        raise TooManyViews
    view, created = SavedView.objects.update_or_create(user=actor, name=name, defaults={"query": query})
    log("members.save_view", subject=view, detail={"created": created}, actor=actor)
    return view


@transaction.atomic
def rename_view(*, view: SavedView, name: str, actor: User) -> SavedView:
    """Another name for a view; one that had this name already gives way."""
    SavedView.objects.filter(user=view.user, name=name).exclude(pk=view.pk).delete()
    view.name = name
    view.save(update_fields=["name"])
    log("members.rename_view", subject=view, actor=actor)
    return view


@transaction.atomic
def drop_view(*, view: SavedView, actor: User) -> None:
    log("members.drop_view", subject=view, actor=actor)
    view.delete()
