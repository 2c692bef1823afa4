"""Messages of other platforms, read and judged; and what we send them as their tool."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest
from jwcrypto.common import JWException
from pylti1p3.assignments_grades import AssignmentsGradesService
from pylti1p3.deep_link_resource import DeepLinkResource
from pylti1p3.exception import LtiException, LtiServiceException, OIDCException
from pylti1p3.grade import Grade
from pylti1p3.lineitem import LineItem

from lti_platform.launches.steps import plain
from lti_platform.outbound.errors import OutboundError, OutboundRefused
from lti_platform.tools import web_addresses
from lti_platform.tools.describing import is_text
from proctoring.door import library
from proctoring.door.arriving import Arrival
from proctoring.door.errors import ArrivalRefused, PlatformRefused, SendingFailed
from proctoring.door.models import OtherPlatform, ReturnedResult
from proctoring.models import Exam

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
AGS_CLAIM = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
SCORE_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
DEEP_LINKING_CLAIM = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
LONGEST = 255
LONGEST_ADDRESS = 1000
# Answers that another try may change.
PASSING = frozenset({401, 403, 408, 409, 423, 425, 429})


@dataclass(frozen=True, kw_only=True)
class Request:
    """A deep linking request: who asks, and the settings to answer with (Deep Linking 4.4)."""

    platform: OtherPlatform
    deployment_id: str
    roles: tuple[str, ...]
    settings: dict[str, Any]


def login_address(request: HttpRequest) -> str:
    """Where a login initiation sends the browser. Raises ArrivalRefused."""
    try:
        return library.Login(request).address(library.launch_url())
    except (OIDCException, LtiException) as error:
        raise ArrivalRefused(str(error)) from error


def message(request: HttpRequest) -> Arrival | Request:
    """The message that was posted, believed. Raises ArrivalRefused with the rule that it broke; PlatformRefused."""
    _hear_refusal(request)
    launch = library.MessageLaunch(request)
    try:
        return _read(launch)
    except ArrivalRefused as error:
        error.platform = launch.said_platform()
        raise


def _read(launch: library.MessageLaunch) -> Arrival | Request:
    try:
        claims: Mapping[str, Any] = launch.validate().get_launch_data()
        platform = library.find_platform(launch.get_iss(), client_id=launch.get_client_id())
    except (LtiException, OutboundError, JWException) as error:
        raise ArrivalRefused(str(error)) from error
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        # The library reads before it judges.
        raise ArrivalRefused(f"malformed: {type(error).__name__}") from error
    if platform is None:
        raise ArrivalRefused("the platform is unknown or off")
    if claims[f"{CLAIM}message_type"] == "LtiDeepLinkingRequest":
        return _request(claims, platform=platform)
    return _arrival(claims, platform=platform)


def _hear_refusal(request: HttpRequest) -> None:
    """An error in place of a token, its words shown only where this browser asked. Raises PlatformRefused."""
    error, state = request.POST.get("error", ""), request.POST.get("state", "")
    if not error or "id_token" in request.POST:
        return
    if not library.is_awaited(state, session=request.session):
        raise ArrivalRefused("an error that this browser did not ask for")
    words = request.POST.get("error_description", "")
    raise PlatformRefused(error=plain(error, limit=60), words=plain(words, limit=200))


def _request(claims: Mapping[str, Any], *, platform: OtherPlatform) -> Request:
    settings = claims[DEEP_LINKING_CLAIM]
    if not isinstance(settings, dict) or not _is_address(settings.get("deep_link_return_url")):
        raise ArrivalRefused("deep_link_return_url is no web address")
    return Request(
        platform=platform,
        deployment_id=str(claims[f"{CLAIM}deployment_id"]),
        roles=_roles(claims),
        settings={name: settings.get(name) for name in ("deep_link_return_url", "data", "accept_lineitem")},
    )


def _arrival(claims: Mapping[str, Any], *, platform: OtherPlatform) -> Arrival:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject.strip() or not is_text(subject, limit=LONGEST):
        raise ArrivalRefused("sub names nobody")
    custom, lis = _mapping(claims, f"{CLAIM}custom"), _mapping(claims, f"{CLAIM}lis")
    return Arrival(
        platform=platform,
        subject=subject,
        nonce=str(claims["nonce"]),
        roles=_roles(claims),
        exam_id=_exam_id(custom.get("exam")),
        line_item_url=_line_item_url(claims),
        return_url=_return_url(claims),
        sourced_id=_text(lis, "person_sourcedid"),
        custom=custom,
        given_name=_text(claims, "given_name"),
        family_name=_text(claims, "family_name"),
        email=_text(claims, "email"),
        locale=_text(claims, "locale"),
    )


def _roles(claims: Mapping[str, Any]) -> tuple[str, ...]:
    said = claims.get(f"{CLAIM}roles")
    return tuple(role for role in said if isinstance(role, str)) if isinstance(said, list) else ()


def _mapping(claims: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    said = claims.get(name)
    return said if isinstance(said, dict) else {}


def _text(claims: Mapping[str, Any], name: str) -> str:
    said = claims.get(name)
    return str(said).strip() if is_text(said, limit=LONGEST) else ""


def _exam_id(said: object) -> UUID | None:
    try:
        return UUID(str(said))
    except ValueError:
        return None


def _line_item_url(claims: Mapping[str, Any]) -> str:
    """The link's own line item, where we may score (AGS 3.1)."""
    endpoint = _mapping(claims, AGS_CLAIM)
    url, scopes = endpoint.get("lineitem"), endpoint.get("scope")
    may_score = isinstance(scopes, list) and SCORE_SCOPE in scopes
    return str(url) if may_score and _is_address(url) else ""


def _return_url(claims: Mapping[str, Any]) -> str:
    """Where the learner goes when done (LTI Core 5.4.4)."""
    url = _mapping(claims, f"{CLAIM}launch_presentation").get("return_url")
    return str(url) if _is_address(url) else ""


def _is_address(said: object) -> bool:
    """Whether this is a plain web address, whose host may stand in a policy of ours."""
    if not is_text(said, limit=LONGEST_ADDRESS) or web_addresses.fault(str(said)) not in ("", "not_https"):
        return False
    return web_addresses.is_domain(urlsplit(str(said)).netloc)


def answer_with(exam: Exam | None, *, to: Request) -> str:
    """The signed deep linking response that offers this exam, or nothing."""
    offered = library.Offer(library.registration_of(to.platform), to.deployment_id, cast(Any, to.settings))
    return str(offered.get_response_jwt([_item(exam, to=to)] if exam else []))


def _item(exam: Exam, *, to: Request) -> DeepLinkResource:
    item = library.Item().set_title(exam.title).set_url(library.launch_url())
    item.set_custom_params({"exam": str(exam.pk)})
    if to.settings.get("accept_lineitem") is not False:
        line_item = LineItem().set_score_maximum(100).set_label(exam.title).set_resource_id(str(exam.pk))
        item.set_lineitem(line_item)
    return item


def send_score(result: ReturnedResult, *, now: datetime) -> None:
    """Posts the settled result to its line item, in per cent (AGS 3.4). Raises SendingFailed."""
    connector = library.Connector(library.registration_of(result.visitor.platform))
    service = AssignmentsGradesService(
        connector, cast(Any, {"scope": [SCORE_SCOPE], "lineitem": result.line_item_url})
    )
    try:
        service.put_grade(_grade(result))
    except LtiServiceException as error:
        status = error.response.status_code
        is_final = 400 <= status < 500 and status not in PASSING
        raise SendingFailed(f"the other platform answered {status}", is_final=is_final) from error
    except OutboundError as error:
        raise SendingFailed(f"{error.code}: {error}", is_final=isinstance(error, OutboundRefused)) from error
    except (LtiException, KeyError, TypeError, ValueError) as error:
        raise SendingFailed(f"the other platform's answer made no sense: {type(error).__name__}") from error


def _grade(result: ReturnedResult) -> Grade:
    """A final score; or none, which takes the last one back (AGS 3.4.4)."""
    at = result.settled_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    grade = Grade().set_timestamp(at).set_user_id(result.visitor.subject)
    grade.set_activity_progress("Completed")
    if result.percent is None:
        return grade.set_grading_progress("NotReady")
    grade.set_score_given(float(result.percent)).set_score_maximum(100)
    return grade.set_grading_progress("FullyGraded")
