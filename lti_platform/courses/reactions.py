"""What courses do when something happened."""

from datetime import datetime

from lti_platform.courses import changes
from lti_platform.journal.reactions import reacts_to
from lti_platform.people.facts import PersonChanged

# What a roster may tell of a person.
TOLD = frozenset({"given_name", "family_name", "email", "employee_id", "locale", "status"})


@reacts_to(PersonChanged)
def note_changed_member(fact: PersonChanged, *, now: datetime) -> None:
    if TOLD & set(fact.fields.split(",")):
        changes.note_person(fact.person_id, now=now)
