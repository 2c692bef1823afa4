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


@contributes_claims
def evidence_service(launch: Launch, *, now: datetime) -> dict[str, Any]:
    """Where the session's items and its end are announced; nothing for other launches, or without the scope.

    Proctoring contributes first: by then a launch that opens its tool has its session, which goes by the launch's id.
    """
    may_send = launch.subject and EVIDENCE in launch.registration.scopes
    if not may_send or not Session.objects.filter(pk=launch.pk).exists():
        return {}
    base = f"{settings.PLATFORM_URL}/api/v1/evidence/sessions/{launch.pk}"
    service = {
        "items_url": f"{base}/items",
        "end_url": f"{base}/end",
        "scope": [EVIDENCE],
        "kinds": list(MEDIA_TYPES),
        "media_types": sorted({media_type for types in MEDIA_TYPES.values() for media_type in types}),
        "max_bytes": settings.EVIDENCE_ITEM_MAX_BYTES,
    }
    return {CLAIM: service}
