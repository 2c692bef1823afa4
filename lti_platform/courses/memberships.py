"""Who is in a course, as what."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from lti_platform.courses import changes
from lti_platform.courses.facts import MembershipChanged
from lti_platform.courses.models import Context, GroupEnrollment, Membership, Mentorship
from lti_platform.journal.recording import record
from lti_platform.people.models import Person


def membership_of(person_id: UUID, context_id: UUID) -> Membership | None:
    """The person's active membership with at least one role, or None."""
    found = Membership.objects.filter(
        person_id=person_id, context_id=context_id, status=Membership.Status.ACTIVE
    ).first()
    return found if found and found.roles else None


def courses_of(person: Person) -> QuerySet[Context]:
    """Courses in which the person has an active place, with or without a role."""
    places = Membership.objects.filter(person=person, status=Membership.Status.ACTIVE)
    return Context.objects.filter(pk__in=places.values("context_id"))


def is_member(person: Person, context: Context) -> bool:
    """Whether the person has an active place in the context."""
    return membership_of(person.pk, context.pk) is not None


def holding(memberships: QuerySet[Membership], *, role: str) -> QuerySet[Membership]:
    """Those of the memberships that hold this role, a short name in any case, or a sub-role of it."""
    # SQLite cannot look into a JSON list; but both write ["Learner"], quotes and all.
    held = Q(role_names__icontains=f'"{role}"') | Q(role_names__icontains=f'"{role}#')
    return memberships.annotate(role_names=Cast("roles", TextField())).filter(held)


def mentored_by(person_id: UUID, context_id: UUID) -> list[str]:
    """The ids, as tools know them, of the learners this person mentors who are still in the course, in order."""
    return mentored_by_each([person_id], context_id).get(person_id, [])


def mentored_by_each(mentor_ids: Collection[UUID], context_id: UUID) -> Mapping[UUID, list[str]]:
    """The same for each of several people who mentor anybody, by one query; without people by none."""
    told: dict[UUID, list[str]] = defaultdict(list)
    if not mentor_ids:
        return told
    found = Mentorship.objects.filter(
        mentor_id__in=mentor_ids,
        context_id=context_id,
        learner__memberships__context_id=context_id,
        learner__memberships__status=Membership.Status.ACTIVE,
    )
    for mentor_id, learner_id in found.order_by("id").values_list("mentor_id", "learner_id"):
        told[mentor_id].append(str(learner_id))
    return told


@transaction.atomic
def enrol(person: Person, context: Context, *, roles: list[str], now: datetime) -> Membership:
    """Gives the person these roles (short names) in the context, making the membership active."""
    membership, _created = Membership.objects.update_or_create(
        person=person, context=context, defaults={"roles": roles, "status": Membership.Status.ACTIVE}
    )
    _record(membership, now=now)
    return membership


@transaction.atomic
def give_roles(membership: Membership, *, roles: list[str], now: datetime) -> Membership:
    """Puts these roles, short names of roles and sub-roles, in place of the old ones; nothing else changes."""
    membership.roles = roles
    membership.save(update_fields=["roles"])
    _record(membership, now=now)
    return membership


@transaction.atomic
def suspend(person: Person, context: Context, *, now: datetime) -> Membership:
    """Makes the membership inactive; nothing of it is deleted. Raises Membership.DoesNotExist."""
    membership = Membership.objects.get(person=person, context=context)
    membership.status = Membership.Status.INACTIVE
    membership.save(update_fields=["status"])
    _record(membership, now=now)
    return membership


@transaction.atomic
def remove(person: Person, context: Context, *, now: datetime) -> Membership:
    """Takes the person out of the course and its groups; scores and results stay. Raises Membership.DoesNotExist."""
    membership = Membership.objects.get(person=person, context=context)
    membership.status = Membership.Status.REMOVED
    membership.save(update_fields=["status"])
    GroupEnrollment.objects.filter(membership=membership).delete()
    _record(membership, now=now)
    return membership


def _record(membership: Membership, *, now: datetime) -> None:
    changes.note(membership.context_id, person_ids=[membership.person_id], now=now)
    record(
        MembershipChanged(
            context_id=membership.context_id, person_id=membership.person_id, status=membership.status
        ),
        now=now,
        subject=f"context:{membership.context_id}",
        organization_id=membership.context.organization_id,
    )
