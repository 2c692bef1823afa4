"""What can stop a launch.

LaunchError
├── LaunchNotStarted            nothing was sent yet
│   ├── ToolNotEnabled          the registration or the deployment is switched off
│   ├── ToolNotOfCourse         the deployment belongs to another organization than the course
│   ├── NotAMember              the person has no place in the course
│   ├── LinkRemoved             the link is gone from the course
│   ├── LinkShut                learners may not open it now
│   │   └── LinkNotOpenYet  LinkClosed
│   ├── LinkMissing             a resource link launch without a link
│   ├── LinkOfAnotherTool       the link belongs to another deployment
│   ├── LinkUnwanted            a message that speaks of no link was given one
│   ├── MessageNotDeclared      the tool does not take this message
│   ├── ForUserMissing          a review without the person whose work is reviewed
│   └── MayNotTry               a test launch by somebody who may not, or of another message
├── RequestUnanswerable         no validated address to answer to: said on a page of ours (RFC 6749 4.1.2.1)
│   ├── RequestUnreadable  ClientRepeated  ClientMissing  ClientUnknown
│   └── RedirectRepeated  RedirectMissing  RedirectNotRegistered
├── RequestRefused              posted back to the tool with the OpenID Connect `error` (Core 3.1.2.6)
│   ├── ParameterRepeated  ScopeMissing  ScopeWrong  ResponseTypeMissing  ResponseTypeWrong
│   ├── ResponseModeWrong  PromptWrong  NonceWrong  StateTooLong  LoginHintMissing  MessageHintMissing
│   ├── MessageHintUnknown  MessageHintOfAnotherClient  MessageHintExpired  MessageHintSpent
│   ├── NoSession  SessionOfAnother  LoginHintOfAnother
│   ├── ToolSwitchedOff  AccessLost
│   └── LaunchRefused           a package to the right said no
└── ClaimReserved               a contribution tried to set a claim that is not its own
"""

from datetime import datetime
from typing import ClassVar

# The codes that OpenID Connect Core 3.1.2.6 and RFC 6749 4.1.2.1 know; tools understand no others.
OIDC_ERRORS = frozenset(
    {
        "invalid_request",
        "unauthorized_client",
        "access_denied",
        "unsupported_response_type",
        "invalid_scope",
        "server_error",
        "temporarily_unavailable",
        "interaction_required",
        "login_required",
    }
)


class LaunchError(Exception):
    """Base of this package. `code` is stable; `check` is the check it belongs to; `message` is for the vendor."""

    code: ClassVar[str] = "launch"
    check: ClassVar[str] = ""
    message: ClassVar[str] = ""

    def __str__(self) -> str:
        return self.args[0] if self.args else self.message


class ClaimReserved(LaunchError):
    code = "claim_reserved"


class LaunchNotStarted(LaunchError):
    code = "launch_not_started"


class ToolNotEnabled(LaunchNotStarted):
    code = "tool_not_enabled"
    message = "the tool is switched off"


class ToolNotOfCourse(LaunchNotStarted):
    code = "tool_not_of_course"
    message = "the tool is not deployed in this course's organization"


class NotAMember(LaunchNotStarted):
    code = "not_a_member"
    message = "the person has no place in the course"


class LinkRemoved(LaunchNotStarted):
    code = "link_removed"
    message = "the link was removed from the course"


class LinkShut(LaunchNotStarted):
    """Learners may not open the link now; `at` is when that changes, or changed."""

    code = "link_shut"

    def __init__(self, *, at: datetime) -> None:
        super().__init__(f"{self.message} {at.isoformat()}")
        self.at = at


class LinkNotOpenYet(LinkShut):
    code = "link_not_open_yet"
    message = "the link opens for learners at"


class LinkClosed(LinkShut):
    code = "link_closed"
    message = "the link closed for learners at"


class LinkMissing(LaunchNotStarted):
    code = "link_missing"
    message = "this message needs a resource link"


class LinkOfAnotherTool(LaunchNotStarted):
    code = "link_of_another_tool"
    message = "the link belongs to another deployment"


class LinkUnwanted(LaunchNotStarted):
    code = "link_unwanted"
    message = "this message speaks of no link"


class MessageNotDeclared(LaunchNotStarted):
    code = "message_not_declared"
    message = "the tool did not declare this message"


class ForUserMissing(LaunchNotStarted):
    code = "for_user_missing"
    message = "a review needs the person whose work it is"


class MayNotTry(LaunchNotStarted):
    code = "may_not_try"
    message = "only who manages tools may try a link, and by a plain launch"


class RequestUnanswerable(LaunchError):
    code = "request_unanswerable"


class RequestUnreadable(RequestUnanswerable):
    code, check = "request_unreadable", "parameters"
    message = "the request is too long or not a form"


class ClientRepeated(RequestUnanswerable):
    code, check = "client_id_repeated", "parameters"
    message = "client_id was sent more than once"


class RedirectRepeated(RequestUnanswerable):
    code, check = "redirect_uri_repeated", "parameters"
    message = "redirect_uri was sent more than once"


class ClientMissing(RequestUnanswerable):
    code, check = "client_id_missing", "client"
    message = "client_id is missing"


class ClientUnknown(RequestUnanswerable):
    code, check = "client_id_unknown", "client"
    message = "no tool is registered under this client_id"


class RedirectMissing(RequestUnanswerable):
    code, check = "redirect_uri_missing", "redirect_uri"
    message = "redirect_uri is missing"


class RedirectNotRegistered(RequestUnanswerable):
    code, check = "redirect_uri_not_registered", "redirect_uri"
    message = "redirect_uri is not one the tool registered"


class RequestRefused(LaunchError):
    """`error` is what the tool is told."""

    code = "request_refused"
    error: str = "invalid_request"


class ParameterRepeated(RequestRefused):
    code, check = "parameter_repeated", "parameters"
    message = "a parameter was sent more than once"


class ScopeMissing(RequestRefused):
    code, check = "scope_missing", "scope"
    message = "scope is missing"


class ScopeWrong(RequestRefused):
    code, check = "scope_wrong", "scope"
    error = "invalid_scope"
    message = "scope must be openid"


class ResponseTypeMissing(RequestRefused):
    code, check = "response_type_missing", "response_type"
    message = "response_type is missing"


class ResponseTypeWrong(RequestRefused):
    code, check = "response_type_wrong", "response_type"
    error = "unsupported_response_type"
    message = "response_type must be id_token"


class ResponseModeWrong(RequestRefused):
    code, check = "response_mode_wrong", "response_mode"
    message = "response_mode must be form_post"


class PromptWrong(RequestRefused):
    code, check = "prompt_wrong", "prompt"
    message = "prompt must be none"


class NonceWrong(RequestRefused):
    code, check = "nonce_wrong", "nonce"
    message = "nonce must be 1 to 512 printable characters"


class StateTooLong(RequestRefused):
    code, check = "state_too_long", "state"
    message = "state is longer than 4096 characters"


class LoginHintMissing(RequestRefused):
    code, check = "login_hint_missing", "hint"
    message = "login_hint is missing"


class MessageHintMissing(RequestRefused):
    code, check = "lti_message_hint_missing", "hint"
    message = "lti_message_hint is missing although it was sent"


class MessageHintUnknown(RequestRefused):
    code, check = "lti_message_hint_unknown", "hint"
    message = "lti_message_hint is not one we sent"


class MessageHintOfAnotherClient(RequestRefused):
    code, check = "lti_message_hint_of_another_client", "hint"
    message = "lti_message_hint was sent to another tool"


class MessageHintExpired(RequestRefused):
    code, check = "lti_message_hint_expired", "hint"
    message = "lti_message_hint has expired"


class MessageHintSpent(RequestRefused):
    code, check = "lti_message_hint_spent", "hint"
    message = "lti_message_hint was used before"


class NoSession(RequestRefused):
    code, check = "no_session", "session"
    error = "login_required"
    message = "nobody is signed in"


class SessionOfAnother(RequestRefused):
    code, check = "session_of_another", "session"
    error = "login_required"
    message = "the launch was started in another session"


class LoginHintOfAnother(RequestRefused):
    code, check = "login_hint_of_another", "session"
    error = "login_required"
    message = "login_hint does not belong to the person signed in"


class ToolSwitchedOff(RequestRefused):
    code, check = "tool_switched_off", "tool"
    error = "unauthorized_client"
    message = "the tool is no longer enabled here"


class AccessLost(RequestRefused):
    code, check = "access_lost", "access"
    error = "access_denied"
    message = "the person no longer has access"


class LaunchRefused(RequestRefused):
    """Raised by contributions. `code` is the rule; where OpenID Connect knows it, it is also the error sent."""

    check = "contributions"

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code  # type: ignore[misc]
        self.error = code if code in OIDC_ERRORS else "access_denied"
