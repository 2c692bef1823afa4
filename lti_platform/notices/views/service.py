"""The Platform Notification Service: which notices a deployment wants, and where."""

from uuid import UUID

from django.http import HttpResponse, JsonResponse

from lti_platform.journal import clock
from lti_platform.notices import subscribing
from lti_platform.notices.errors import NoticeError
from lti_platform.tools.models import Deployment
from lti_platform.tools.resource_server import Caller, NotFound, ServiceRequest, service
from lti_platform.tools.scopes import NOTICE_HANDLERS

SCOPES = {"GET": {NOTICE_HANDLERS}, "PUT": {NOTICE_HANDLERS}}


@service(methods=SCOPES, consumes="application/json", errors={NoticeError: 400})
def notice_handlers(request: ServiceRequest, tool: Caller, *, pk: UUID) -> HttpResponse:
    """GET tells every type with its handler; PUT names, changes or removes one and answers with it."""
    deployment = _of(tool, pk=pk)
    if request.method == "GET":
        shown = {
            "client_id": tool.registration.client_id,
            "deployment_id": deployment.deployment_id,
            "notice_handlers": subscribing.catalogue(deployment),
        }
        return JsonResponse(shown)
    asked = request.json
    handler = subscribing.subscribe(
        deployment,
        notice_type=asked.get("notice_type"),
        url=asked.get("handler"),
        max_batch_size=asked.get("max_batch_size"),
        now=clock.now(),
    )
    return JsonResponse(subscribing.described(str(asked["notice_type"]), handler=handler))


def _of(tool: Caller, *, pk: UUID) -> Deployment:
    """The tool's own enabled deployment; another's does not exist for it."""
    deployments = Deployment.objects.select_related("registration")
    found = deployments.filter(pk=pk, registration=tool.registration, is_enabled=True).first()
    if found is None or tool.deployment_id not in (None, found.pk):
        raise NotFound("deployment_unknown")
    return found
