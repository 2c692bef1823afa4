"""Whom and what an entry of the record names, in words a person knows."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certificates.models import Certificate, Credential
from certificates.onward.models import Destination
from lti_platform.courses.models import Context
from lti_platform.journal.models import Entry
from lti_platform.people.models import Person
from lti_platform.tools.models import Registration
from proctoring.door.models import OtherPlatform
from proctoring.models import Attempt, Exam

# What a subject is where it has no name of its own, or no longer.
KINDS: dict[str, str | Promise] = {
    "attempt": gettext_lazy("an attempt"),
    "certificate": gettext_lazy("a certificate"),
    "context": gettext_lazy("a course"),
    "credential": gettext_lazy("a credential"),
    "deployment": gettext_lazy("a deployment"),
    "destination": gettext_lazy("a destination"),
    "exam": gettext_lazy("an exam"),
    "key": gettext_lazy("a key"),
    "launch": gettext_lazy("a launch"),
    "line_item": gettext_lazy("a line item"),
    "person": gettext_lazy("a person"),
    "platform": gettext_lazy("another LMS"),
    "registration_link": gettext_lazy("a registration link"),
    "result": gettext_lazy("a result"),
    "tool": gettext_lazy("a tool"),
}
# What has one name in one column.
TITLED: dict[str, tuple[type[Model], str]] = {
    "certificate": (Certificate, "serial"),
    "context": (Context, "title"),
    "credential": (Credential, "title"),
    "destination": (Destination, "name"),
    "exam": (Exam, "title"),
    "platform": (OtherPlatform, "name"),
}


@dataclass(frozen=True)
class Names:
    """Names by actor (`person:…`, `tool:…`) and by subject (`attempt:…`, `certificate:…`); attempts by subject."""

    known: dict[str, str] = field(default_factory=dict)
    attempts: dict[str, UUID] = field(default_factory=dict)

    def actor(self, entry: Entry) -> str:
        """Who did it; an identifier where the name is gone, nothing where nobody was signed in."""
        if entry.actor_kind == "system":
            return _("the platform")
        return self.known.get(f"{entry.actor_kind}:{entry.actor_id}", entry.actor_id)

    def subject(self, entry: Entry) -> str:
        """What it is about; the kind of thing where it has no name of its own."""
        kind = entry.subject.partition(":")[0]
        return self.known.get(entry.subject) or str(KINDS.get(kind, kind.replace("_", " ")))


def names_in(entries: Iterable[Entry]) -> Names:
    """The names that these entries need, in a fixed number of queries."""
    found, clients = _identifiers(entries)
    names = Names()
    for person in Person.objects.filter(pk__in=found["person"]):
        names.known[f"person:{person.pk}"] = str(person)
    for tool in Registration.objects.filter(client_id__in=clients) | Registration.objects.filter(
        pk__in=found["tool"]
    ):
        names.known[f"tool:{tool.client_id}"] = names.known[f"tool:{tool.pk}"] = tool.name
    for pk, number in Attempt.objects.filter(pk__in=found["attempt"]).values_list("pk", "case_number"):
        names.known[f"attempt:{pk}"] = _("Case %(number)s") % {"number": number}
        names.attempts[f"attempt:{pk}"] = pk
    for kind, (model, column) in TITLED.items():
        for pk, title in model._default_manager.filter(pk__in=found[kind]).values_list("pk", column):
            names.known[f"{kind}:{pk}"] = title
    return names


def _identifiers(entries: Iterable[Entry]) -> tuple[dict[str, set[str]], set[str]]:
    """Ids by the kind of what they name, people who acted among them; and client ids of tools that acted."""
    found: dict[str, set[str]] = defaultdict(set)
    clients: set[str] = set()
    for entry in entries:
        kind, _colon, identifier = entry.subject.partition(":")
        if _is_id(identifier):
            found[kind].add(identifier)
        if entry.actor_kind == "person":
            found["person"].add(entry.actor_id)
        elif entry.actor_kind == "tool":
            clients.add(entry.actor_id)
    return found, clients


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
