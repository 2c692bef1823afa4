"""Other platforms as their admin enters them."""

from datetime import datetime

from django.db import transaction

from lti_platform.journal.recording import record
from proctoring.door.facts import OtherPlatformChanged, VisitorForgotten
from proctoring.door.models import OtherPlatform, Visitor


@transaction.atomic
def save(platform: OtherPlatform, *, now: datetime) -> OtherPlatform:
    """Keeps a new or changed platform."""
    platform.save()
    fact = OtherPlatformChanged(platform_id=platform.pk, is_enabled=platform.is_enabled)
    record(fact, now=now, subject=f"platform:{platform.pk}", organization_id=platform.organization_id)
    return platform


@transaction.atomic
def forget(visitor: Visitor, *, now: datetime) -> bool:
    """Ends the binding of an account to a person; its next arrival is bound anew. False when results still name it."""
    if visitor.returned_results.exists():
        return False
    fact = VisitorForgotten(person_id=visitor.person_id, platform_id=visitor.platform_id)
    organization_id = visitor.person.organization_id
    record(fact, now=now, subject=f"person:{visitor.person_id}", organization_id=organization_id)
    visitor.delete()
    return True
