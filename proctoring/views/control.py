"""The HTTP face of the Assessment Control Service."""

import json
from uuid import UUID

from django.http import HttpResponse

from lti_platform.journal.clock import now
from lti_platform.tools import scopes
from lti_platform.tools.resource_server import Caller, ServiceRequest, service
from proctoring import assessment_control
from proctoring.errors import ControlMalformed, ControlTargetUnknown, TooManyFlags

MEDIA_TYPE = "application/vnd.ims.lti-ap.v1.control+json"


@service(
    methods={"POST": {scopes.ACS_CONTROL}},
    produces=MEDIA_TYPE,
    consumes=MEDIA_TYPE,
    errors={ControlMalformed: 400, ControlTargetUnknown: 404, TooManyFlags: 429},
)
def assessment_control_service(request: ServiceRequest, tool: Caller, *, session_id: UUID) -> HttpResponse:
    """Answers 200 with the true state, also when the action changes nothing."""
    reply = assessment_control.take(
        request.json,
        session_id=session_id,
        registration_id=tool.registration.pk,
        deployment_id=tool.deployment_id,
        now=now(),
    )
    return HttpResponse(json.dumps(reply), content_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})
