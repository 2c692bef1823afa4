"""What notices add to a launch."""

from datetime import datetime
from typing import Any

from lti_platform.launches.contributing import contributes_claims
from lti_platform.launches.models import Launch
from lti_platform.notices.addresses import service_url
from lti_platform.notices.vocabulary import NOTICE_TYPES, SERVICE_CLAIM
from lti_platform.tools.dynamic.advertising import advertise
from lti_platform.tools.scopes import NOTICE_HANDLERS

advertise(notice_types=NOTICE_TYPES)


@contributes_claims
def notification_service(launch: Launch, /, *, now: datetime) -> dict[str, Any]:
    """Where the deployment says which notices it wants, for a tool with that scope."""
    if NOTICE_HANDLERS not in launch.registration.scopes:
        return {}
    return {
        SERVICE_CLAIM: {
            "service_versions": ["1.0"],
            "platform_notification_service_url": service_url(launch.deployment_id),
            "scope": [NOTICE_HANDLERS],
            "notice_types_supported": list(NOTICE_TYPES),
        }
    }
