"""The HTTP API, composed from the packages' routers; its OpenAPI is served at /api/v1/openapi.json."""

from django.utils.module_loading import import_string
from ninja import NinjaAPI

api = NinjaAPI(
    title="Proctored credentials API",
    version="1",
    description="Evidence upload for proctoring tools. Errors are application/problem+json (RFC 9457).",
    urls_namespace="api-1",
    docs_url=None,
)

import_string("lti_platform.tools.http_api.answer_problems")(api)
api.add_router("/evidence", "proctoring.evidence.api.router")
