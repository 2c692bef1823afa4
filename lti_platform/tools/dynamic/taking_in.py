"""A tool registers itself: taken in as pending, off, with everything an admin needs to decide."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from lti_platform.journal.actors import Actor
from lti_platform.journal.recording import record
from lti_platform.tools.dynamic import asking, links
from lti_platform.tools.facts import ToolAsked
from lti_platform.tools.models import Registration, RegistrationLink


@dataclass(frozen=True, kw_only=True)
class TakenIn:
    """The pending registration, and the token with which the tool reads and changes it: shown once."""

    registration: Registration
    access_token: str


def take_in(link: RegistrationLink, request: Mapping[str, Any], *, now: datetime) -> TakenIn:
    """The tool of this request, waiting for a decision; the link is used up with it.

    Raises RegistrationRefused, which leaves the link as it was, and RegistrationTokenRefused if another came first.
    """
    values, asked = asking.read(request)
    access_token = links.new_token()
    with transaction.atomic():
        links.claim(link, now=now)
        registration = Registration.objects.create(
            client_id=str(uuid.uuid4()),
            state=Registration.State.PENDING,
            is_enabled=False,
            privacy=Registration.Privacy.ANONYMOUS,
            organization_id=link.organization_id,
            asked=asked,
            management_digest=links.digest(access_token),
            **values,
        )
        RegistrationLink.objects.filter(pk=link.pk).update(registration=registration)
        fact = ToolAsked(registration_id=registration.id, client_id=registration.client_id, link_id=link.pk)
        actor = Actor("tool", registration.client_id)
        subject = f"tool:{registration.id}"
        record(fact, now=now, subject=subject, organization_id=link.organization_id, actor=actor)
    return TakenIn(registration=registration, access_token=access_token)
