"""Keys that sign for one tool alone (LTI Security Framework 6.2), and the signature of every message to a tool."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from keys import rotation
from keys.purposes import Purpose
from keys.signing import sign_jwt
from lti_platform.journal.recording import record
from lti_platform.tools import signing_keys
from lti_platform.tools.facts import ToolKeysOwned, ToolKeysShared
from lti_platform.tools.models import Registration


def sign_message(claims: Mapping[str, Any], *, registration: Registration) -> str:
    """The claims as a signed message to this tool: an id_token or a notice. Raises keys.errors.KeysError."""
    owner = registration.client_id if registration.has_own_keys else ""
    return sign_jwt(claims, purpose=Purpose.ID_TOKEN, owner=owner)


def give(registration: Registration, *, now: datetime) -> bool:
    """From here on the tool's launches are signed by keys of its own; False when they were already."""
    with transaction.atomic():
        if not _switch(registration, has_own_keys=True):
            return False
        signing_keys.make_missing(now=now, purposes=[Purpose.ID_TOKEN], owner=registration.client_id)
        record(ToolKeysOwned(registration_id=registration.id), now=now, subject=f"tool:{registration.id}")
    registration.refresh_from_db()
    return True


def take(registration: Registration, *, now: datetime) -> bool:
    """From here on the tool's launches are signed as everybody's are; its own keys stay published for the overlap."""
    with transaction.atomic():
        if not _switch(registration, has_own_keys=False):
            return False
        rotation.retire_all(
            Purpose.ID_TOKEN, owner=registration.client_id, now=now, overlap=signing_keys.overlap()
        )
        record(ToolKeysShared(registration_id=registration.id), now=now, subject=f"tool:{registration.id}")
    registration.refresh_from_db()
    return True


def _switch(registration: Registration, *, has_own_keys: bool) -> bool:
    other = Registration.objects.filter(pk=registration.pk, has_own_keys=not has_own_keys)
    return bool(other.update(has_own_keys=has_own_keys))
