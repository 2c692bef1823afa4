"""The HTTP API, composed from the packages' routers; its OpenAPI is served at /api/v1/openapi.json."""

from django.utils.module_loading import import_string

api = import_string("lti_platform.tools.http_api.ToolAPI")(
    title="Proctored credentials API",
    version="1",
    description="Evidence upload and flags for proctoring tools. Errors are application/problem+json (RFC 9457).",
    urls_namespace="api-1",
    docs_url=None,
)
api.add_router("/evidence", "proctoring.evidence.api.router")
api.add_router("/proctoring", "proctoring.api.router")
