"""A tool's side of LTI 1.3 on pylti1p3, extended by subclass where that library stops.

It knows no proctoring messages, checks no audience beyond the first, takes a nonce more than once, lower-cases the
addresses of next pages, keeps a token it was refused with, and sets no `Partitioned` cookies.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import requests
from flask import Response, request
from pylti1p3.contrib.flask.cookie import FlaskCookieService
from pylti1p3.contrib.flask.message_launch import FlaskMessageLaunch
from pylti1p3.contrib.flask.oidc_login import FlaskOIDCLogin
from pylti1p3.contrib.flask.request import FlaskRequest
from pylti1p3.contrib.flask.session import FlaskSessionService
from pylti1p3.exception import LtiException, LtiServiceException
from pylti1p3.launch_data_storage.base import LaunchDataStorage
from pylti1p3.registration import Registration
from pylti1p3.service_connector import ServiceConnector
from pylti1p3.tool_config.dict import ToolConfDict
from requests.utils import parse_header_links

from tests.sandbox.shelf import Shelf
from tests.sandbox.tool_key import ToolKey

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
PROCTORING_CLAIM = "https://purl.imsglobal.org/spec/lti-ap/claim/"
RESOURCE_LINK_REQUEST = "LtiResourceLinkRequest"
DEEP_LINKING_REQUEST = "LtiDeepLinkingRequest"
START_PROCTORING = "LtiStartProctoring"
START_ASSESSMENT = "LtiStartAssessment"
END_ASSESSMENT = "LtiEndAssessment"
LOGIN_SECONDS = 600
OWN = "own"
LOOPBACK = {"127.0.0.1", "localhost"}

# Proctoring Services 1.0: claims a message must carry beside those of every launch.
NEEDED = {
    START_PROCTORING: ("start_assessment_url", "session_data", "attempt_number"),
    END_ASSESSMENT: ("attempt_number",),
}


class ShelfStorage(LaunchDataStorage[Any]):
    """States and nonces on the server; the browser holds only the state cookie."""

    def __init__(self, shelf: Shelf) -> None:
        super().__init__()
        self.shelf = shelf

    def get_session_cookie_name(self) -> None:
        """None: what is stored is not divided by browser."""

    def can_set_keys_expiration(self) -> bool:
        """Whether values can be forgotten after a time."""
        return True

    def get_value(self, key: str) -> Any:
        """The value, or None."""
        return self.shelf.get("login", key)

    def set_value(self, key: str, value: Any, exp: int | None = None) -> None:
        """Keeps the value for the time a login may take."""
        self.shelf.put("login", key, value, seconds=min(exp or LOGIN_SECONDS, LOGIN_SECONDS))

    def check_value(self, key: str) -> bool:
        """Whether it was there; asked for nonces alone, which are good once (OpenID Connect Core 15.5.2)."""
        return self.shelf.take("login", key) is not None


class CrossSiteCookies(FlaskCookieService):
    """Cookies that come back in a cross-site frame and with a cross-site post.

    Both need SameSite=None, and that needs Secure, which browsers grant to loopback addresses over plain HTTP too.
    """

    def __init__(self, flask_request: FlaskRequest, prefix: str) -> None:
        super().__init__(flask_request)  # type: ignore[no-untyped-call]
        self._cookie_prefix = prefix

    def update_response(self, response: Response) -> None:
        """Adds what was set meanwhile."""
        for key, cookie in self._cookie_data_to_set.items():
            set_cookie(response, key, cookie["value"], seconds=cookie["exp"])


class PostedState(CrossSiteCookies):
    """The state as our own page found it in the platform's storage, in the place of a cookie."""

    def get_cookie(self, name: str) -> str | None:
        """What our page posted."""
        return request.form.get("stored_state")

    def update_response(self, response: Response) -> None:
        """Sets nothing."""


def set_cookie(response: Response, name: str, value: str, *, seconds: int | None) -> None:
    """A cookie for this browser, kept apart per embedding site."""
    is_trusted = request.is_secure or request.host.partition(":")[0] in LOOPBACK
    extra: dict[str, Any] = {"samesite": "None", "partitioned": True} if is_trusted else {"samesite": "Lax"}
    response.set_cookie(name, value, max_age=seconds, secure=is_trusted, httponly=True, path="/", **extra)


class MessageLaunch(FlaskMessageLaunch):
    """Launches, those of Proctoring Services among them."""

    def validate_message(self) -> "MessageLaunch":
        """Judges the claims that the message's type asks for. Raises LtiException."""
        body: Any = self._get_jwt_body()
        needed = NEEDED.get(str(body.get(CLAIM + "message_type")))
        if needed is None:
            super().validate_message()
            return self
        _judge_proctoring_message(body, needed)
        return self

    def validate_registration(self) -> "MessageLaunch":
        """Judges issuer and audience: nobody but us, in either spelling. Raises LtiException."""
        super().validate_registration()
        body: Any = self._get_jwt_body()
        audience = body.get("aud")
        if (audience if isinstance(audience, list) else [audience]) != [self.get_client_id()]:
            raise LtiException("aud names somebody else too")
        if body.get("azp", self.get_client_id()) != self.get_client_id():
            raise LtiException("azp names somebody else")
        return self


def _judge_proctoring_message(body: dict[str, Any], needed: tuple[str, ...]) -> None:
    if not body.get("sub"):
        raise LtiException("Must have a user (sub)")
    if body.get(CLAIM + "version") != "1.3.0":
        raise LtiException("Incorrect version, expected 1.3.0")
    if not isinstance(body.get(CLAIM + "roles"), list):
        raise LtiException("Missing Roles Claim")
    is_start = body[CLAIM + "message_type"] == START_PROCTORING
    if is_start and not (body.get(CLAIM + "resource_link") or {}).get("id"):
        raise LtiException("Missing Resource Link Id")
    for name in needed:
        if body.get(PROCTORING_CLAIM + name) in (None, ""):
            raise LtiException(f"Missing {name}")
    number = body[PROCTORING_CLAIM + "attempt_number"]
    if isinstance(number, bool) or not isinstance(number, int) or number < 1:
        raise LtiException("attempt_number must be a whole number from 1")


class ImpatientSession(requests.Session):
    """Requests that give up; and that go where they are told, whatever proxy the environment names.

    `ca_file` holds the authorities to trust in place of the public ones.
    """

    def __init__(self, ca_file: str = "") -> None:
        super().__init__()
        self.trust_env = False
        self.verify = ca_file or True

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        """As requests does, with seconds to connect and to wait."""
        kwargs.setdefault("timeout", (3, 15))
        return super().request(*args, **kwargs)


class Connector(ServiceConnector):
    """The platform's services. Raises LtiServiceException for a refusal, requests.RequestException for silence."""

    def make_service_request(self, scopes: Any, url: str, *args: Any, **kwargs: Any) -> Any:
        """As pylti1p3 does; a token that is refused is asked for anew, once, and next addresses keep their case."""
        try:
            answer = super().make_service_request(scopes, url, *args, **kwargs)
        except LtiServiceException as refusal:
            if refusal.response.status_code != 401:
                raise
            self._access_tokens.clear()
            answer = super().make_service_request(scopes, url, *args, **kwargs)
        headers = {name.lower(): value for name, value in answer["headers"].items()}
        links = parse_header_links(headers.get("link", ""))
        following = [link["url"] for link in links if "next" in link.get("rel", "").split()]
        return {**answer, "next_page_url": following[0] if following else None}

    def post(self, scope: str, url: str, body: str, *, media_type: str = "application/json") -> Any:
        """What the platform answers to this body, as read from JSON; None if it says nothing."""
        answer = self.make_service_request(
            [scope],
            url,
            is_post=True,
            data=body,
            content_type=media_type,
            accept=f"{media_type}, application/json",
        )
        return answer["body"]


@dataclass(kw_only=True)
class Tool:
    """One tool, registered with one platform."""

    name: str
    config: dict[str, Any]
    key: ToolKey
    shelf: Shelf
    base_url: str

    @cached_property
    def connector(self) -> Connector:
        """The platform's services; one for all, as it keeps the tokens."""
        return Connector(self.registration, self.session)

    @property
    def session(self) -> ImpatientSession:
        """How we call the platform."""
        return ImpatientSession(str(self.config.get("ca_file", "")))

    @property
    def known(self) -> dict[str, Any]:
        """Platform, client and deployments: as configured, else as we registered ourselves; empty before that."""
        return self.config if self.config.get("client_id") else self.shelf.get("registration", OWN) or {}

    @property
    def issuer(self) -> str:
        """Who the platform is."""
        return str(self.known["platform"]["issuer"])

    @property
    def issuer_origin(self) -> str:
        """The web origin that frames us and takes our posts; empty before we know a platform."""
        if not self.known:
            return ""
        parts = urlsplit(self.known["platform"]["authorization_endpoint"])
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def client_id(self) -> str:
        """Who we are to the platform."""
        return str(self.known["client_id"])

    @property
    def settings(self) -> ToolConfDict:
        """What pylti1p3 wants to know."""
        platform = self.known["platform"]
        entry = {
            "default": True,
            "client_id": self.client_id,
            "auth_login_url": platform["authorization_endpoint"],
            "auth_token_url": platform["token_endpoint"],
            "key_set_url": platform["jwks_uri"],
            "deployment_ids": self.known["deployment_ids"],
        }
        settings = ToolConfDict({self.issuer: [entry]})  # type: ignore[list-item]
        settings.set_private_key(self.issuer, self.key.private, client_id=self.client_id)
        settings.set_public_key(self.issuer, self.key.public, client_id=self.client_id)
        return settings

    @property
    def registration(self) -> Registration:
        """Our registration with the platform."""
        found: Registration = self.settings.find_registration_by_params(self.issuer, self.client_id)
        return found

    def log_in(self) -> Any:
        """The answer to the login request at hand. Raises LtiException and, for strangers, Exception."""
        return self._login(CrossSiteCookies).do_redirect()

    def log_in_without_cookies(self) -> str:
        """The address of the authentication request for the login at hand; its state is kept nowhere yet."""
        return str(self._login(PostedState).get_redirect_url())

    def _login(self, cookies: type[CrossSiteCookies]) -> Any:
        ours = FlaskRequest()  # type: ignore[no-untyped-call]
        login = FlaskOIDCLogin(ours, self.settings, self._sessions(ours), cookies(ours, self.name))  # type: ignore[no-untyped-call]
        return login.get_redirect_object(f"{self.base_url}/launch")

    def launched(self, *, cookies: type[CrossSiteCookies] = CrossSiteCookies) -> dict[str, Any]:
        """The claims of the launch at hand. Raises LtiException and, for strangers, Exception."""
        ours = FlaskRequest()  # type: ignore[no-untyped-call]
        launch = MessageLaunch(  # type: ignore[no-untyped-call]
            ours,
            self.settings,
            self._sessions(ours),
            cookies(ours, self.name),
            requests_session=self.session,
        )
        launch.set_jwt_verify_options({"verify_aud": False, "require": ["exp", "iat", "nonce"]})  # type: ignore[dict-item]
        return dict(launch.get_launch_data())

    def _sessions(self, ours: FlaskRequest) -> FlaskSessionService:
        sessions = FlaskSessionService(ours)
        sessions.set_data_storage(ShelfStorage(self.shelf))
        sessions.set_launch_data_lifetime(LOGIN_SECONDS)
        return sessions
