"""May this tool be opened here, by this person? Asked when a launch starts and again when it is authorized."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from lti_platform.courses.deploying import serves
from lti_platform.courses.models import Context, Membership, ResourceLink
from lti_platform.courses.vocabulary import principal_role
from lti_platform.launches.errors import LinkClosed, LinkNotOpenYet
from lti_platform.launches.vocabulary import DEEP_LINKING_REQUEST
from lti_platform.people.models import Person
from lti_platform.people.scoping import scoped
from lti_platform.people.standing import may_act
from lti_platform.tools.models import Deployment


def is_on(deployment: Deployment) -> bool:
    """Neither the deployment nor its registration is switched off."""
    return deployment.is_enabled and deployment.registration.is_enabled


def is_for(deployment: Deployment, context: Context | None) -> bool:
    """Whether the deployment serves this course: deployed for everyone, for the course's organization, or for it."""
    return context is None or serves(deployment, context)


def place_of(person: Person, context: Context) -> Membership | None:
    """The person's active place in the course, with or without a role, or None."""
    found = Membership.objects.filter(
        person_id=person.pk, context_id=context.pk, status=Membership.Status.ACTIVE
    )
    return next(iter(found), None)  # one at most: an order, as first() wants one, costs more than the look-up


def roles_for(person: Person, context: Context, *, message_type: str, now: datetime) -> list[str] | None:
    """The roles, short, in which the person sends this message from the course; None for who has no place there.

    Content is picked by who manages the course, as its administrator, with or without a place in it.
    """
    place = place_of(person, context)
    if message_type != DEEP_LINKING_REQUEST:
        return list(place.roles) if place else None
    if not may_author(person, context, now=now):
        return None
    return list(dict.fromkeys([*(place.roles if place else []), "Administrator"]))


def may_author(person: Person, context: Context, *, now: datetime) -> bool:
    """Whether the person may put content into the course: who manages it, with or without a place in it."""
    managed = scoped(
        Context.objects.filter(pk=context.pk), person, "manage_courses", organization="organization_id"
    )
    return managed.exists() and is_in_standing(person, now=now)


def is_in_standing(person: Person, *, now: datetime) -> bool:
    """Active, and within the contract's dates today."""
    return may_act(person, on=timezone.localdate(now))


def judge_open(link: ResourceLink | None, *, roles: Iterable[str], now: datetime) -> None:
    """Raises LinkNotOpenYet or LinkClosed where learners may not open the link now; other roles always may."""
    if link is None or not is_only_learner(roles):
        return
    if link.available_from and now < link.available_from:
        raise LinkNotOpenYet(at=link.available_from)
    if link.available_until and now >= link.available_until:
        raise LinkClosed(at=link.available_until)


def is_only_learner(roles: Iterable[str]) -> bool:
    """Whether these short roles give no more than a learner's; who has none is no more either."""
    return all(principal_role(name) == "Learner" for name in roles)


def is_present(link: ResourceLink | None) -> bool:
    """No link is needed, or it was not removed."""
    return link is None or link.removed_at is None
