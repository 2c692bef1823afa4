"""The log of what changed about members: written with each change, told as a roster's differences, then forgotten."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from lti_platform.courses.models import Context, Membership, MembershipChange

# Longer than anybody may ask back.
KEPT = timedelta(days=31)
AT_ONCE = 5000


def note(context_id: UUID, *, person_ids: Iterable[UUID], now: datetime) -> None:
    """Writes the change down, in the transaction that makes it.

    The course is locked until the end of it: a later position never hides a change that was still under way.
    """
    Context.objects.select_for_update(no_key=True).filter(pk=context_id).first()
    MembershipChange.objects.bulk_create(
        MembershipChange(context_id=context_id, person_id=person_id, changed_at=now)
        for person_id in person_ids
    )


@transaction.atomic
def note_person(person_id: UUID, *, now: datetime) -> None:
    """Writes down, for every course the person has a place in, that something about them changed."""
    places = Membership.objects.filter(person_id=person_id).exclude(status=Membership.Status.REMOVED)
    for context_id in places.order_by("context_id").values_list("context_id", flat=True):
        note(context_id, person_ids=[person_id], now=now)


def position(context_id: UUID) -> int:
    """Where the course's log ends now; 0 for an empty one."""
    found = MembershipChange.objects.filter(context_id=context_id).aggregate(last=Max("id"))
    return int(found["last"] or 0)


def changed_since(members: QuerySet[Membership], *, position: int) -> QuerySet[Membership]:
    """Those of the memberships about which anything changed after the position."""
    later = MembershipChange.objects.filter(
        context_id=OuterRef("context_id"), person_id=OuterRef("person_id"), id__gt=position
    )
    return members.filter(Exists(later))


def forget_old(*, now: datetime) -> int:
    """Deletes changes older than `KEPT`, so many at a time; how many."""
    old = MembershipChange.objects.filter(changed_at__lt=now - KEPT).order_by("pk")[:AT_ONCE]
    count, _by_model = MembershipChange.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()
    return count
