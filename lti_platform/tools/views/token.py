"""The token endpoint: forms in, RFC 6749 JSON out."""

from urllib.parse import parse_qsl

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from lti_platform.journal import clock
from lti_platform.journal.actors import NOBODY, acting_as
from lti_platform.journal.recording import record_refusal
from lti_platform.tools import addresses, granting, negotiation
from lti_platform.tools.errors import (
    ClaimRefused,
    GrantTypeUnsupported,
    NothingGrantable,
    RequestMalformed,
    SignedByNobodyWeKnow,
    ToolsError,
)
from lti_platform.tools.service_errors import ServiceError
from lti_platform.tools.tokens import IssuedToken

FORM = "application/x-www-form-urlencoded"
MAX_BYTES = 64 * 1024
MAX_FIELDS = 20
NEVER_CACHED = {"Cache-Control": "no-store", "Pragma": "no-cache"}
# RFC 6749 section 5.2, by the kind of refusal.
ERRORS: dict[type[ToolsError], str] = {
    RequestMalformed: "invalid_request",
    GrantTypeUnsupported: "unsupported_grant_type",
    NothingGrantable: "invalid_scope",
    SignedByNobodyWeKnow: "invalid_client",
    ClaimRefused: "invalid_client",
}


@csrf_exempt
def token(request: HttpRequest) -> JsonResponse:
    """An access token for a tool that proves itself, or the reason why not (LTI Security Framework 4.1)."""
    if request.method != "POST":
        return _error("invalid_request", "POST a form", status=405, headers={"Allow": "POST"})
    with acting_as(NOBODY):
        fields: dict[str, str] = {}
        try:
            fields = _fields(request)
            asked = granting.read_request(fields)
            issued = granting.grant(asked, audiences=addresses.audiences(), now=clock.now())
        except ToolsError as error:
            tool = granting.named_tool(fields.get("client_assertion", ""))
            subject, note = f"tool:{tool}" if tool else "", f"{request.path}: {error}"
            record_refusal(error.code, now=clock.now(), subject=subject, note=note)
            return _error(_oauth_code(error), str(error))
        except ServiceError as error:
            record_refusal(error.code, now=clock.now(), note=request.path)
            return _error("invalid_request", error.detail, status=413 if error.status == 413 else 400)
    return _success(issued)


def _fields(request: HttpRequest) -> dict[str, str]:
    if request.headers.get("Authorization", "").lower().startswith("basic"):
        raise SignedByNobodyWeKnow("client secrets are not used: send a client_assertion")
    if negotiation.media_type(request.headers.get("Content-Type", "")) != FORM:
        raise RequestMalformed(f"the content type must be {FORM}")
    body = negotiation.require_body(request, consumes=[FORM], max_bytes=MAX_BYTES)
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
    except ValueError as error:
        raise RequestMalformed("the body is not a form, or has too many fields") from error
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise RequestMalformed("a field is repeated")
    return fields


def _oauth_code(error: ToolsError) -> str:
    return next(code for kind, code in ERRORS.items() if isinstance(error, kind))


def _success(issued: IssuedToken) -> JsonResponse:
    body = {
        "access_token": issued.token,
        "token_type": "bearer",
        "expires_in": issued.expires_in,
        "scope": " ".join(issued.scopes),
    }
    return JsonResponse(body, content_type="application/json;charset=UTF-8", headers=NEVER_CACHED)


def _error(
    code: str, description: str, *, status: int = 400, headers: dict[str, str] | None = None
) -> JsonResponse:
    body = {"error": code, "error_description": description}
    return JsonResponse(body, status=status, headers={**NEVER_CACHED, **(headers or {})})
