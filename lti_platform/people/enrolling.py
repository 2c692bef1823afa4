"""People come, change and go; roles are granted and withdrawn. Deactivated, never deleted."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from lti_platform.journal.recording import record
from lti_platform.people.facts import ContractEnded, PersonChanged, PersonEnrolled, RoleGranted, RoleWithdrawn
from lti_platform.people.models import Organization, Person, RoleGrant


@transaction.atomic
def enrol(*, now: datetime, password: str | None = None, **fields: Any) -> Person:
    """A new person with these model fields. Raises IntegrityError when the employee id or the e-mail is taken."""
    person = Person.objects.create_user(password=password, **fields)
    _record(PersonEnrolled(person_id=person.pk), person, now=now)
    return person


@transaction.atomic
def change(person: Person, *, changed: list[str], now: datetime) -> Person:
    """Saves the fields `changed`, which were set on the person, and no other: the rest may be newer than what was read.

    A deactivation also ends what they may do.
    """
    person.save(update_fields=changed)
    _record_change(person, changed=changed, now=now)
    return person


def _record_change(person: Person, *, changed: list[str], now: datetime) -> None:
    _record(PersonChanged(person_id=person.pk, fields=",".join(sorted(changed))), person, now=now)
    if "status" in changed and person.status == Person.Status.INACTIVE:
        _record(ContractEnded(person_id=person.pk), person, now=now)


@transaction.atomic
def grant_role(person: Person, role: str, organization: Organization | None, *, now: datetime) -> RoleGrant:
    """Grants the role; granting it twice changes nothing."""
    row, created = RoleGrant.objects.get_or_create(person=person, role=role, organization=organization)
    if created:
        _record(
            RoleGranted(person_id=person.pk, role=role, organization_id=row.organization_id), person, now=now
        )
    return row


@transaction.atomic
def withdraw_role(grant_id: UUID, *, now: datetime) -> None:
    """Withdraws a role. Raises RoleGrant.DoesNotExist."""
    row = RoleGrant.objects.select_related("person").get(pk=grant_id)
    row.delete()
    _record(
        RoleWithdrawn(person_id=row.person_id, role=row.role, organization_id=row.organization_id),
        row.person,
        now=now,
    )


def end_contracts(*, on: date, now: datetime) -> int:
    """Deactivates active people whose contract's last day is before `on`; how many."""
    over = _over(on).values_list("pk", flat=True)[:500]
    return sum(end_contract(person_id, on=on, now=now) for person_id in list(over))


@transaction.atomic
def end_contract(person_id: UUID, *, on: date, now: datetime) -> bool:
    """Deactivates the person if their contract's last day still is before `on`: it may have been extended meanwhile."""
    if not _over(on).filter(pk=person_id).update(status=Person.Status.INACTIVE):
        return False
    _record_change(Person.objects.get(pk=person_id), changed=["status"], now=now)
    return True


def _over(on: date) -> QuerySet[Person]:
    return Person.objects.filter(status=Person.Status.ACTIVE, contract_end__lt=on)


def _record(
    fact: PersonEnrolled | PersonChanged | ContractEnded | RoleGranted | RoleWithdrawn,
    person: Person,
    *,
    now: datetime,
) -> None:
    record(fact, now=now, subject=f"person:{person.pk}", organization_id=person.organization_id)
