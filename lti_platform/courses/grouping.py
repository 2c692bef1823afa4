"""Groups of a course, and who is in them."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from lti_platform.courses import changes
from lti_platform.courses.errors import NameTaken
from lti_platform.courses.facts import GroupChanged
from lti_platform.courses.models import Context, Group, GroupEnrollment, GroupSet, Membership
from lti_platform.journal.recording import record


def named_set(context: Context, *, name: str) -> GroupSet:
    """The course's set of that name, made if there was none."""
    return GroupSet.objects.get_or_create(context=context, name=name)[0]


def make_group(context: Context, *, name: str, group_set: GroupSet | None, now: datetime) -> Group:
    """A new group without members. Raises NameTaken."""
    try:
        with transaction.atomic():
            group = Group.objects.create(context=context, name=name, group_set=group_set)
            _record(group, now=now)
            return group
    except IntegrityError as error:
        raise NameTaken(name) from error


@transaction.atomic
def set_members(group: Group, members: Iterable[Membership], *, now: datetime) -> None:
    """Puts exactly these members of the course in the group; those of other courses are left out."""
    wanted = {member.pk: member for member in members if member.context_id == group.context_id}
    standing = group.enrollments.select_for_update(of=("self",)).select_related("membership")
    there = {enrollment.membership_id: enrollment for enrollment in standing}
    leaving = [enrollment for pk, enrollment in there.items() if pk not in wanted]
    joining = [member for pk, member in wanted.items() if pk not in there]
    GroupEnrollment.objects.filter(pk__in=[enrollment.pk for enrollment in leaving]).delete()
    GroupEnrollment.objects.bulk_create(GroupEnrollment(group=group, membership=member) for member in joining)
    changed = {enrollment.membership.person_id for enrollment in leaving}
    changed |= {member.person_id for member in joining}
    if changed:
        changes.note(group.context_id, person_ids=changed, now=now)
        _record(group, now=now)


@transaction.atomic
def remove_group(group: Group, *, now: datetime) -> None:
    """Takes the group away; its members stay in the course."""
    set_members(group, [], now=now)
    _record(group, now=now)
    group_set = group.group_set
    group.delete()
    if group_set and not group_set.groups.exists():
        group_set.delete()


def candidates(context: Context) -> QuerySet[Membership]:
    """Who may be in a group: every member who was not removed."""
    members = Membership.objects.filter(context=context).exclude(status=Membership.Status.REMOVED)
    return members.select_related("person").order_by("person__family_name", "person__given_name", "id")


def _record(group: Group, *, now: datetime) -> None:
    record(
        GroupChanged(context_id=group.context_id, group_id=group.pk),
        now=now,
        subject=f"context:{group.context_id}",
        organization_id=group.context.organization_id,
    )
