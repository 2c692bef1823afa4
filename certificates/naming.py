"""Whom and what an entry of the record names, in words a person knows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from certificates.models import Certificate, Credential
from lti_platform.journal.models import Entry
from lti_platform.people.models import Person
from lti_platform.tools.models import Registration
from proctoring.models import Attempt


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
        return self.known.get(entry.subject) or entry.subject.partition(":")[0]


def names_in(entries: Iterable[Entry]) -> Names:
    """The names that these entries need, in a fixed number of queries."""
    people, clients, tools, attempts, certificates, credentials = _identifiers(entries)
    names = Names()
    for person in Person.objects.filter(pk__in=people):
        names.known[f"person:{person.pk}"] = str(person)
    for tool in Registration.objects.filter(client_id__in=clients) | Registration.objects.filter(
        pk__in=tools
    ):
        names.known[f"tool:{tool.client_id}"] = names.known[f"tool:{tool.pk}"] = tool.name
    for pk, number in Attempt.objects.filter(pk__in=attempts).values_list("pk", "case_number"):
        names.known[f"attempt:{pk}"] = _("Case %(number)s") % {"number": number}
        names.attempts[f"attempt:{pk}"] = pk
    for pk, serial in Certificate.objects.filter(pk__in=certificates).values_list("pk", "serial"):
        names.known[f"certificate:{pk}"] = serial
    for pk, title in Credential.objects.filter(pk__in=credentials).values_list("pk", "title"):
        names.known[f"credential:{pk}"] = title
    return names


def _identifiers(entries: Iterable[Entry]) -> tuple[set[str], ...]:
    """Ids of people, client ids of tools, and ids of tools, attempts, certificates and credentials."""
    pairs: set[tuple[str, str]] = set()
    clients: set[str] = set()
    for entry in entries:
        kind, _colon, identifier = entry.subject.partition(":")
        if _is_id(identifier):
            pairs.add((kind, identifier))
        if entry.actor_kind == "person":
            pairs.add(("person", entry.actor_id))
        elif entry.actor_kind == "tool":
            clients.add(entry.actor_id)
    people, tools, attempts, certificates, credentials = (
        {identifier for name, identifier in pairs if name == kind}
        for kind in ("person", "tool", "attempt", "certificate", "credential")
    )
    return people, clients, tools, attempts, certificates, credentials


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
