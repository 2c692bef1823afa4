"""What the inspector shows: each step of a launch, with secrets and personal data hidden before they are kept."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from lti_platform.launches.contributing import ToolReturn
from lti_platform.launches.errors import LaunchError
from lti_platform.launches.models import Launch, LaunchStep
from lti_platform.people.models import Person

LOGIN_STARTED = "login_started"
REQUEST_RECEIVED = "request_received"
CHECKED = "checked"
TOKEN_SIGNED = "token_signed"  # noqa: S105  (a name, not a secret)
TOOL_RETURNED = "tool_returned"
CONTENT_RETURNED = "content_returned"
# Of test launches: a score that no gradebook keeps.
SCORE_TRIED = "score_tried"
PLANNED = (LOGIN_STARTED, REQUEST_RECEIVED, CHECKED, TOKEN_SIGNED)

HIDDEN = frozenset(
    {"login_hint", "lti_message_hint", "nonce", "state", "session_data", "verified_user", "id_token"}
    | {"given_name", "family_name", "middle_name", "email", "picture", "phone_number", "address", "birthdate"}
    | {"preferred_username", "nickname", "person_sourcedid"}
)
# The one-time value of a deep linking request; a proctoring tool's settings have a harmless one of the same name.
HIDDEN_WITHIN = {"deep_linking_settings": frozenset({"data"})}
MAX_VALUES = 40
MAX_LENGTH = 300


def login_started(launch: Launch, *, now: datetime) -> LaunchStep:
    """The browser was sent to the tool's login address."""
    details = {
        "address": launch.registration.initiate_login_uri,
        "parameters": {
            "iss": settings.PLATFORM_URL,
            "client_id": launch.registration.client_id,
            "lti_deployment_id": launch.deployment.deployment_id,
            "target_link_uri": launch.target_link_uri,
        },
    }
    return LaunchStep(launch=launch, name=LOGIN_STARTED, details=details, at=now)


def request_received(
    launch: Launch, *, parameters: Mapping[str, str], method: str, now: datetime
) -> LaunchStep:
    """The tool asked for a token."""
    details = {"method": method, "parameters": masked(parameters)}
    return LaunchStep(launch=launch, name=REQUEST_RECEIVED, details=details, at=now)


def checks_passed(launch: Launch, *, now: datetime) -> LaunchStep:
    """Every check of the request passed."""
    return LaunchStep(launch=launch, name=CHECKED, at=now)


def check_failed(
    launch: Launch, *, error: LaunchError, asked: str, expected: Iterable[str], now: datetime
) -> LaunchStep:
    """One check failed; `asked` and `expected` are the difference, where it can be shown."""
    details = {
        "check": error.check,
        "message": plain(str(error)),
        "asked": plain(asked, limit=1000),
        "expected": list(expected),
    }
    return LaunchStep(launch=launch, name=CHECKED, succeeded=False, rule=error.code, details=details, at=now)


def token_signed(launch: Launch, *, claims: Mapping[str, Any], now: datetime) -> LaunchStep:
    """An id_token with these claims was signed and handed to the browser."""
    details = {"claims": masked(claims, personal=personal_values(launch))}
    return LaunchStep(launch=launch, name=TOKEN_SIGNED, details=details, at=now)


def tool_returned(launch: Launch, *, words: ToolReturn, now: datetime) -> LaunchStep:
    """The tool sent the browser back, with words for the person or for the log."""
    said = {
        "lti_msg": words.message,
        "lti_errormsg": words.error,
        "lti_log": words.log,
        "lti_errorlog": words.error_log,
    }
    details = {name: plain(value, limit=1000) for name, value in said.items() if value}
    return LaunchStep(launch=launch, name=TOOL_RETURNED, succeeded=not words.failed, details=details, at=now)


def personal_values(launch: Launch) -> frozenset[str]:
    """What names the person, and whom the message is about, wherever it appears."""
    people = [launch.user, *([launch.for_person] if launch.for_person else [])]
    values = {value for person in people for value in names_of(person)}
    return frozenset(value for value in values if value)


def names_of(person: Person) -> tuple[str, ...]:
    """What says who a person is; each may be empty."""
    named = (person.full_name, person.given_name, person.family_name)
    return (*named, person.email or "", person.employee_id)


def masked(
    values: Mapping[str, Any], *, personal: frozenset[str] = frozenset(), hidden: frozenset[str] = HIDDEN
) -> dict[str, Any]:
    """A copy fit to be kept and shown: secrets and personal data hidden, long values cut, oddities removed."""
    kept = list(values.items())[:MAX_VALUES]
    return {
        plain(str(name), limit=120): masked_value(str(name), value, personal=personal, hidden=hidden)
        for name, value in kept
    }


def masked_value(name: str, value: Any, *, personal: frozenset[str], hidden: frozenset[str] = HIDDEN) -> Any:
    """One value of `masked`; the last part of a claim's address is its name."""
    last = name.rpartition("/")[2]
    if isinstance(value, Mapping) and last not in hidden:
        return masked(value, personal=personal, hidden=hidden | HIDDEN_WITHIN.get(last, frozenset()))
    if isinstance(value, list):
        return [masked_value(name, item, personal=personal, hidden=hidden) for item in value[:MAX_VALUES]]
    if value is None or isinstance(value, bool | int | float):
        return value
    words = plain(str(value), limit=MAX_LENGTH)
    if last in hidden or str(value) in personal:
        return f"(hidden, {len(str(value))} characters)"
    return words


def plain(text: str, *, limit: int = MAX_LENGTH) -> str:
    """Printable text of at most `limit` characters, which every database can keep."""
    cut = text if len(text) <= limit else f"{text[:limit]}…"
    return (
        cut if cut.isprintable() else "".join(letter if letter.isprintable() else "\ufffd" for letter in cut)
    )
