"""Where a person may go: the entries of the masthead, work before learning."""

from dataclasses import dataclass, replace

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lti_platform.people.models import Person
from lti_platform.people.roles import may

LEARN = "learn"
# Beside work, "Home" and "Certificates" would not say whose.
BESIDE_WORK = {"learner-home": _("My exams"), "learner-certificates": _("My certificates")}


@dataclass(frozen=True)
class Entry:
    """One entry: the permission it needs, the name of its address, the address, its words."""

    permission: str
    name: str
    url: str
    label: str | Promise


def entries(person: Person) -> list[Entry]:
    """What this person may use and what exists, in the order of settings, what one learns after what one works."""
    allowed: dict[str, bool] = {}
    found = []
    for permission, name, label in settings.NAVIGATION:
        if permission not in allowed:
            allowed[permission] = not permission or may(person, permission)
        if allowed[permission] and (url := address(name)):
            found.append(Entry(permission=permission, name=name, url=url, label=label))
    works = any(entry.permission != LEARN for entry in found)
    named = [_beside_work(entry) for entry in found] if works else found
    return sorted(named, key=lambda entry: entry.permission == LEARN)


def _beside_work(entry: Entry) -> Entry:
    return replace(entry, label=BESIDE_WORK.get(entry.name, entry.label))


def address(name: str) -> str:
    """The address of a named page; empty where no page has that name."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def current(found: list[Entry], *, path: str, page: str) -> str:
    """The name of the entry a page belongs to: its own, or the longest address that begins its path; or empty."""
    if any(entry.name == page for entry in found):
        return page
    above = [entry for entry in found if entry.url != "/" and path.startswith(entry.url)]
    return max(above, key=lambda entry: len(entry.url)).name if above else ""
