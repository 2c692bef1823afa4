"""What of a launch is ours: that we are reached by HTTPS, that something signs, that the tool is on and deployed."""

from collections.abc import Iterator

from django.conf import settings

from keys.models import SigningKey
from keys.purposes import Purpose
from lti_platform.tools.checking.findings import OURS, Finding, State
from lti_platform.tools.checking.subject import Subject

CHECK = "ours"


def check(subject: Subject) -> Iterator[Finding]:
    """A finding for each thing that is ours to do, or one for all."""
    troubles = list(_troubles(subject))
    yield from troubles or [Finding(check=CHECK, code="ours_fine")]


def _troubles(subject: Subject) -> Iterator[Finding]:
    registration = subject.registration
    owner = registration.client_id if registration.has_own_keys else ""
    active = SigningKey.objects.filter(purpose=Purpose.ID_TOKEN, owner=owner, state=SigningKey.State.ACTIVE)
    if not active.exists():
        yield Finding(check=CHECK, code="ours_no_key", state=State.BROKEN, side=OURS)
    if not registration.is_enabled:
        yield Finding(check=CHECK, code="ours_disabled", state=State.ATTENTION, side=OURS)
    elif not registration.deployments.filter(is_enabled=True).exists():
        yield Finding(check=CHECK, code="ours_not_deployed", state=State.BROKEN, side=OURS)
    if not settings.PLATFORM_URL.startswith("https://"):
        values = {"issuer": settings.PLATFORM_URL}
        yield Finding(check=CHECK, code="ours_plain", state=State.ATTENTION, side=OURS, values=values)
