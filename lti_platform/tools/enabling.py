"""Switching tools and their deployments on and off."""

from datetime import datetime

from django.db import transaction

from lti_platform.journal.recording import record
from lti_platform.tools.facts import DeploymentSwitched, ToolDisabled, ToolEnabled
from lti_platform.tools.models import Deployment, Registration


def disable(registration: Registration, *, now: datetime) -> bool:
    """No launch starts and no token works from here on, not even later; False when it was off already."""
    with transaction.atomic():
        change = {"is_enabled": False, "tokens_void_before": now}
        if not Registration.objects.filter(pk=registration.pk, is_enabled=True).update(**change):
            return False
        record(ToolDisabled(registration_id=registration.id), now=now, subject=f"tool:{registration.id}")
    registration.refresh_from_db()
    return True


def enable(registration: Registration, *, now: datetime) -> bool:
    """Launches and new tokens work again; False when they did already, or nobody activated the tool yet."""
    with transaction.atomic():
        off = Registration.objects.filter(
            pk=registration.pk, is_enabled=False, state=Registration.State.ACTIVE
        )
        if not off.update(is_enabled=True):
            return False
        record(ToolEnabled(registration_id=registration.id), now=now, subject=f"tool:{registration.id}")
    registration.refresh_from_db()
    return True


def switch_deployment(deployment: Deployment, *, enabled: bool, now: datetime) -> bool:
    """Turns one deployment on or off; False when it was so already."""
    with transaction.atomic():
        same = Deployment.objects.filter(pk=deployment.pk, is_enabled=not enabled)
        if not same.update(is_enabled=enabled):
            return False
        fact = DeploymentSwitched(deployment_id=deployment.id, enabled=enabled)
        record(
            fact,
            now=now,
            subject=f"tool:{deployment.registration_id}",
            organization_id=deployment.organization_id,
        )
    deployment.refresh_from_db()
    return True
