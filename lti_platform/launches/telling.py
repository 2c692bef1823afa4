"""What tools tell people about themselves: their terms (LtiEulaRequest), and what they keep (data-privacy launch)."""

from dataclasses import dataclass

from django.db.models import QuerySet

from lti_platform.courses.models import Membership
from lti_platform.launches.vocabulary import (
    DATA_PRIVACY_REQUEST,
    DATA_PRIVACY_REQUEST_BARE,
    EULA_REQUEST,
)
from lti_platform.people.models import Person
from lti_platform.tools.models import Deployment, Registration

TERMS, DATA = "terms", "data"
# A tool gets the message by the name it declared.
MESSAGES = {TERMS: (EULA_REQUEST,), DATA: (DATA_PRIVACY_REQUEST, DATA_PRIVACY_REQUEST_BARE)}


@dataclass(frozen=True, kw_only=True)
class Telling:
    """A deployment, and which of `TERMS` and `DATA` its tool has a page for."""

    deployment: Deployment
    terms: bool
    data: bool


def message_for(registration: Registration, *, about: str) -> str:
    """The message that opens the tool's page about its terms or the data it keeps; empty where it has none."""
    return next((name for name in MESSAGES[about] if registration.supports(name)), "")


def deployments_for(person: Person) -> QuerySet[Deployment]:
    """Deployments with a link in a course in which the person has a place."""
    places = Membership.objects.filter(person=person, status=Membership.Status.ACTIVE)
    placed = Deployment.objects.filter(
        resource_links__context__in=places.values("context_id"), resource_links__removed_at=None
    )
    return placed.select_related("registration").order_by("registration__name", "pk").distinct()


def tellings(deployments: QuerySet[Deployment]) -> list[Telling]:
    """Of these deployments the ones that are on and have such a page."""
    found = []
    for deployment in deployments:
        registration = deployment.registration
        terms, data = (bool(message_for(registration, about=about)) for about in (TERMS, DATA))
        if (terms or data) and deployment.is_enabled and registration.is_enabled:
            found.append(Telling(deployment=deployment, terms=terms, data=data))
    return found
