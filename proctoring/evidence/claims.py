"""What a launch of a proctoring tool says about handing over evidence."""

from datetime import datetime
from typing import Any

from django.conf import settings

from lti_platform.launches.contributing import contributes_claims
from lti_platform.launches.models import Launch
from lti_platform.tools.scopes import EVIDENCE, VENDOR
from proctoring import sessions, tool_launches
from proctoring.claims import attempt_of
from proctoring.evidence.limits import MEDIA_TYPES
from proctoring.models import Session

CLAIM = f"{VENDOR}/claim/evidence"


@contributes_claims
def evidence_service(launch: Launch, *, now: datetime) -> dict[str, Any]:
    """Where the session's items and its end are announced; nothing for other launches, or without the scope."""
    session = _session_of(launch, now=now) if EVIDENCE in launch.registration.scopes else None
    if session is None:
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


def _session_of(launch: Launch, *, now: datetime) -> Session | None:
    attempt = attempt_of(launch) if launch.subject else None
    if attempt is None or not tool_launches.opens_proctoring(launch, attempt):
        return None
    return sessions.of_launch(launch, attempt, now=now)
