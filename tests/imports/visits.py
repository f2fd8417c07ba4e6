"""What tests of the import pages share: somebody signed in, the address of a page, what a page says."""

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from shanglian.directory.models import User
from shanglian.imports.models import Batch


def signed_in(user: User) -> Client:
    """A browser in English in which somebody is signed in."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def page_of(batch: Batch, name: str = "batch", *more: object) -> str:
    """The address of one of the pages of an import."""
    return reverse(f"imports:{name}", args=[batch.pk, *more])


def text_of(response: HttpResponse) -> str:
    """The page in one line."""
    return " ".join(response.content.decode().split())
