"""The flag service, for proctoring tools that know only resource links: flags, and the end of watching."""

from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field

from lti_platform.journal import clock
from lti_platform.tools.http_api import Problem, ToolBearer, spoken
from lti_platform.tools.resource_server import ServiceError
from lti_platform.tools.scopes import ACS_CONTROL, FLAGS
from proctoring import flags
from proctoring.errors import ControlRefused, ControlTargetUnknown, FlagDiffers, TooManyFlags
from proctoring.flags import Flag

THOUSANDTH = Decimal("0.001")
STATUSES: dict[type[ControlRefused], int] = {ControlTargetUnknown: 404, FlagDiffers: 409, TooManyFlags: 429}
EXAMPLE: dict[str, Any] = {
    "key": "alert-7",
    "occurred_at": "2026-03-02T15:12:04.000Z",
    "severity": 0.7,
    "code": "second_person",
    "message": "A second person came into view",
}
router = Router(tags=["flags"], auth=ToolBearer(scope=FLAGS, or_scope=ACS_CONTROL))


Moment = Annotated[AwareDatetime, AfterValidator(clock.imaginable)]


class FlagRequest(Schema):
    """Something the tool saw."""

    model_config = ConfigDict(json_schema_extra={"example": EXAMPLE})
    key: str = Field(
        min_length=1,
        max_length=100,
        pattern=r"^[^\x00]+$",
        description="Your own name for this flag, once in a session: sent again, it is kept once.",
    )
    occurred_at: Moment = Field(description="When it happened, by your clock, with its offset.")
    severity: float | None = Field(
        None,
        ge=0,
        le=1,
        description="0 to 1. A flag of 0 is noted; any other, or none, is judged by a person.",
    )
    code: str = Field(
        min_length=1, max_length=100, pattern=r"^[^\x00]+$", description="Yours; kept as it is."
    )
    message: str = Field(
        "", max_length=1000, pattern=r"^[^\x00]*$", description="What happened, in words for a reviewer."
    )


class KeptFlag(Schema):
    """The flag is kept."""

    id: UUID
    attempt_status: Literal["none", "running", "paused", "terminated", "complete"]


class WatchState(Schema):
    """The session is over."""

    state: Literal["ended"]


PROBLEMS = dict.fromkeys((400, 401, 403, 404, 409, 413, 422, 429), Problem)


def told(error: ControlRefused) -> ServiceError:
    """The refusal as the flag service answers it."""
    return ServiceError(STATUSES.get(type(error), 400), error.code, str(error))


@router.post(
    "/sessions/{uuid:session_id}/flags",
    response={201: KeptFlag, **PROBLEMS},
    summary="Raise a flag",
    url_name="proctoring-flags",
)
@spoken(ControlRefused, told=told)
def raise_flag(request: HttpRequest, session_id: UUID, body: FlagRequest) -> Status[KeptFlag]:
    """Puts something you saw before the reviewer; it changes nothing about the exam, and may come after its end.

    The same flag again, by its `key`, gets the first answer; another by the same key gets 409. A session keeps a
    limited number of them; after that each new one gets 429.
    """
    severity = None if body.severity is None else Decimal(str(body.severity)).quantize(THOUSANDTH)
    flag = Flag(
        key=body.key, occurred_at=body.occurred_at, severity=severity, code=body.code, message=body.message
    )
    reply = flags.raise_flag(flag, session_id=session_id, **_tool(request), now=clock.now())
    return Status(201, KeptFlag(**reply))


@router.post(
    "/sessions/{uuid:session_id}/end",
    response={202: WatchState, **PROBLEMS},
    summary="End watching",
    url_name="proctoring-end",
)
@spoken(ControlRefused, told=told)
def end(request: HttpRequest, session_id: UUID) -> Status[WatchState]:
    """You watch no more. While the exam still runs this is an incident; afterwards it is the ordinary end.

    Tools that hand over recordings use the evidence service's end instead.
    """
    flags.end_session(session_id, **_tool(request), now=clock.now())
    return Status(202, WatchState(state="ended"))


def _tool(request: HttpRequest) -> dict[str, Any]:
    caller = request.auth  # type: ignore[attr-defined]
    return {"registration_id": caller.registration.id, "deployment_id": caller.deployment_id}
