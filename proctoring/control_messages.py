"""Reading an Assessment Control message (Proctoring Services 1.0, Assessment Control Service). Pure.

No flag is lost to the tool's clock. An `incident_time` of 2000 to 2199 is kept as it is; any other (a clock that was
never set, the last moment of year 9999) can neither be shown in every zone nor reckoned with: the incident counts as of
its arrival, and the time that the tool told stands after its message.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from lti_platform.journal.clock import imaginable
from proctoring.errors import ControlMalformed

ACTIONS = ("pause", "resume", "terminate", "update", "flag")
TELLING = frozenset({"flag", "update"})  # with no extra time these ask for nothing to be done
WITH_EXTRA_TIME = frozenset({"pause", "resume", "update"})
MOST_EXTRA_MINUTES = 24 * 60
LONGEST_ID, LONGEST_CODE, LONGEST_MESSAGE = 255, 100, 1000


@dataclass(frozen=True, kw_only=True)
class Control:
    """What a proctoring tool asks: about whom, which action, and the incident behind it.

    `occurred_at` is the moment of its arrival where the time it told is in no year of 2000 to 2199.
    """

    person: str
    resource_link: str
    attempt_number: int
    action: str
    occurred_at: datetime
    severity: Decimal | None
    reason_code: str
    reason_message: str
    extra_minutes: int | None

    @property
    def only_tells(self) -> bool:
        """Whether it asks for nothing to be done, and so only adds to what was told."""
        return self.action in TELLING and not self.extra_minutes

    @property
    def needs_decision(self) -> bool:
        """Whether a person must judge it: an end always; the rest unless its severity says it is nothing."""
        if self.action == "terminate":
            return True
        return self.severity != 0 if self.action == "flag" else bool(self.severity)


def read_control(body: Mapping[str, Any], *, issuer: str, received_at: datetime) -> Control:
    """The message, every member judged. Raises ControlMalformed, which names the member."""
    user, link = _object(body, "user"), _object(body, "resource_link")
    if "iss" in user and user["iss"] != issuer:
        raise ControlMalformed("user.iss", "is not this platform")
    action = body.get("action")
    if action not in ACTIONS:
        raise ControlMalformed("action", f"must be one of {', '.join(ACTIONS)}")
    said_at, message = _moment(body.get("incident_time")), _optional_text(body, "reason_msg")
    imagined = _imagined(said_at)
    return Control(
        person=_text(user, "sub", name="user.sub"),
        resource_link=_text(link, "id", name="resource_link.id"),
        attempt_number=_whole(body, "attempt_number", least=1),
        action=action,
        occurred_at=imagined or received_at,
        severity=_severity(body.get("incident_severity")),
        reason_code=_optional_text(body, "reason_code", longest=LONGEST_CODE),
        reason_message=_with_time(message, "" if imagined else f" [incident_time {said_at.isoformat()}]"),
        extra_minutes=_extra_minutes(body, action=action),
    )


def _object(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = body.get(name)
    if not isinstance(value, dict):
        raise ControlMalformed(name, "must be an object")
    return value


def _text(body: Mapping[str, Any], member: str, *, name: str) -> str:
    value = body.get(member)
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_ID:
        raise ControlMalformed(name, f"must be text of 1 to {LONGEST_ID} characters")
    return value


def _optional_text(body: Mapping[str, Any], name: str, *, longest: int | None = None) -> str:
    value = body.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ControlMalformed(name, "must be text")
    if longest and len(value) > longest:
        raise ControlMalformed(name, f"must be no longer than {longest} characters")
    return value


def _whole(body: Mapping[str, Any], name: str, *, least: int, most: int = 32_767) -> int:
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ControlMalformed(name, f"must be a whole number from {least}")
    return value


def _moment(value: object) -> datetime:
    """An instant: ISO 8601 with its offset, of any date; how far it is off is for people to see."""
    try:
        moment = datetime.fromisoformat(value if isinstance(value, str) else "")
        if moment.tzinfo is None:
            raise ValueError("no offset")
    except ValueError:
        raise ControlMalformed("incident_time", "must be an ISO 8601 time with its offset") from None
    return moment


def _imagined(moment: datetime) -> datetime | None:
    try:
        return imaginable(moment)
    except ValueError:
        return None


def _with_time(message: str, said: str) -> str:
    return f"{message[: LONGEST_MESSAGE - len(said)]}{said}".lstrip()


def _severity(value: object) -> Decimal | None:
    """0 to 1, as a number or as text: some tools quote it."""
    if value is None:
        return None
    try:
        if isinstance(value, bool) or not isinstance(value, int | float | str) or len(str(value)) > 24:
            raise InvalidOperation
        severity = Decimal(str(value))
        if not (severity.is_finite() and 0 <= severity <= 1):
            raise InvalidOperation
    except InvalidOperation:
        raise ControlMalformed("incident_severity", "must be from 0 to 1") from None
    return severity.quantize(Decimal("0.001"))


def _extra_minutes(body: Mapping[str, Any], *, action: str) -> int | None:
    """Whole minutes to add; only where the exam goes on."""
    if body.get("extra_time") is None:
        return None
    if action not in WITH_EXTRA_TIME:
        raise ControlMalformed("extra_time", f"cannot come with {action}")
    return _whole(body, "extra_time", least=0, most=MOST_EXTRA_MINUTES)
