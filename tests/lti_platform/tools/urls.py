"""The tools' own addresses, and one small service behind the door that every service uses."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.urls import include, path

from lti_platform.tools import scopes
from lti_platform.tools.resource_server import Caller, Conflict, ServiceRequest, service

MEDIA_TYPE = "application/vnd.example.sample+json"


class CupboardLocked(Exception):
    code = "cupboard_locked"


@service(
    methods={
        "GET": {scopes.LINEITEM, scopes.LINEITEM_READONLY},
        "POST": {scopes.LINEITEM},
        "PUT": {scopes.LINEITEM},
    },
    produces=MEDIA_TYPE,
    consumes=MEDIA_TYPE,
    max_bytes=2000,
    errors={CupboardLocked: 423},
)
def sample(request: ServiceRequest, tool: Caller, **kwargs: Any) -> HttpResponse:
    """Says who called with what; refuses as it is told."""
    if request.json.get("refuse") == "domain":
        raise CupboardLocked("the cupboard is locked")
    if request.json.get("refuse"):
        raise Conflict("sample_conflict", "Somebody was first.")
    deployment = str(tool.deployment_id) if tool.deployment_id else None
    body = {"client": tool.registration.client_id, "deployment": deployment, "body": request.json}
    return JsonResponse(body, content_type=MEDIA_TYPE)


urlpatterns = [
    path("", include("lti_platform.tools.urls")),
    path("", include("lti_platform.web.urls")),
    path("", include("lti_platform.people.urls")),
    path("", include("lti_platform.launches.urls")),
    path("", include("keys.urls")),
    path("accounts/", include("allauth.urls")),
    path("sample", sample, name="sample"),
]
