"""What a launch of a proctoring tool says about handing over evidence."""

from datetime import datetime
from typing import Any

from django.conf import settings

from lti_platform.launches.contributing import contributes_claims
from lti_platform.launches.models import Launch
from lti_platform.tools.scopes import EVIDENCE, VENDOR
from proctoring.evidence.limits import MEDIA_TYPES
from proctoring.models import Session

CLAIM = f"{VENDOR}/claim/evidence"
START_PROCTORING = "LtiStartProctoring"
SUBJECT = "attempt:"


@contributes_claims
def evidence_service(launch: Launch, *, now: datetime) -> dict[str, Any]:
    """Where the session's items and its end are announced; nothing for other launches, or without the scope."""
    session = _session_of(launch)
    if session is None or EVIDENCE not in launch.registration.scopes:
        return {}
    base = f"{settings.PLATFORM_URL}/api/v1/evidence/sessions/{session.id}"
    service = {
        "items_url": f"{base}/items",
        "end_url": f"{base}/end",
        "scope": [EVIDENCE],
        "kinds": list(MEDIA_TYPES),
        "media_types": sorted({media_type for types in MEDIA_TYPES.values() for media_type in types}),
        "max_bytes": settings.EVIDENCE_ITEM_MAX_BYTES,
    }
    return {CLAIM: service}


def _session_of(launch: Launch) -> Session | None:
    if launch.message_type != START_PROCTORING or not launch.subject.startswith(SUBJECT):
        return None
    sessions = Session.objects.filter(
        attempt_id=launch.subject.removeprefix(SUBJECT), deployment=launch.deployment
    )
    live = sessions.filter(state__in=[Session.State.LAUNCHED, Session.State.RECORDING])
    return live.order_by("-launched_at").first()
