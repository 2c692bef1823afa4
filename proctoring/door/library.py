"""The tool's side of LTI 1.3 by pylti1p3: extended by subclass where it stops.

It fetches a key set for every message, takes a nonce more than once, wants no `exp`, allows clocks no difference,
takes tokens that are for others too, and would sign with a key in its hands. Here states and nonces live in the
person's own session, once; key sets come through the guarded client and are kept for a while; and what we sign is
signed where keys are kept.
"""

from collections.abc import Sequence
from typing import Any

import jwt
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from pylti1p3.contrib.django.message_launch import DjangoMessageLaunch
from pylti1p3.contrib.django.oidc_login import DjangoOIDCLogin
from pylti1p3.cookie import CookieService
from pylti1p3.deep_link import DeepLink
from pylti1p3.deep_link_resource import DeepLinkResource
from pylti1p3.deployment import Deployment
from pylti1p3.exception import LtiException
from pylti1p3.launch_data_storage.base import LaunchDataStorage
from pylti1p3.registration import Registration
from pylti1p3.service_connector import ServiceConnector
from pylti1p3.tool_config.abstract import ToolConfAbstract

from keys.signing import Purpose, sign_jwt
from lti_platform.tools.describing import is_text
from proctoring.door.errors import ClientUnnamed, PlatformUnknown
from proctoring.door.http_session import GuardedSession
from proctoring.door.models import OtherPlatform

KEPT_SECONDS = 900
FORCED_ONCE_IN_SECONDS = 60
STATES = "door_states"
MOST_STATES = 20
LEEWAY_SECONDS = 60


class SessionStore(LaunchDataStorage[Any]):
    """States and nonces in the session of the browser that began the login; of old ones the last few."""

    def __init__(self, session: Any) -> None:
        super().__init__()
        self.session = session

    def get_session_cookie_name(self) -> None:
        """None: the session itself divides by browser."""

    def can_set_keys_expiration(self) -> bool:
        """No: values end with the session."""
        return False

    def get_value(self, key: str) -> Any:
        """The value, or None."""
        return self.session.get(STATES, {}).get(key)

    def set_value(self, key: str, value: Any, exp: int | None = None) -> None:
        """Keeps the value; the oldest give way."""
        kept = {**self.session.get(STATES, {}), key: value}
        self.session[STATES] = dict(list(kept.items())[-MOST_STATES:])

    def check_value(self, key: str) -> bool:
        """Whether it was there; asked for nonces alone, which are good once."""
        kept = dict(self.session.get(STATES, {}))
        found = kept.pop(key, None) is not None
        self.session[STATES] = kept
        return found


class SessionCookies(CookieService):
    """The library's state cookie, kept in the session: our only cookie stays SameSite=Lax."""

    def __init__(self, store: SessionStore) -> None:
        self.store = store

    def get_cookie(self, name: str) -> str | None:
        """The state this browser began with, if it did; good once."""
        return name if self.store.check_value(f"state:{name}") else None

    def set_cookie(self, name: str, value: str | int, exp: int | None = 3600) -> None:
        """Keeps it in the session."""
        self.store.set_value(f"state:{name}", str(value))


def is_awaited(state: str, *, session: Any) -> bool:
    """Whether this browser began a login with the state; good once, as with a token."""
    return bool(state) and SessionCookies(SessionStore(session)).get_cookie(state) is not None


class OtherPlatforms(ToolConfAbstract):  # type: ignore[type-arg]
    """The platforms that may launch us, from the database."""

    def check_iss_has_one_client(self, iss: str) -> bool:
        """No: an issuer may know us by several client ids."""
        return False

    def check_iss_has_many_clients(self, iss: str) -> bool:
        """Yes, always."""
        return True

    def find_registration_by_issuer(self, iss: str, *args: Any, **kwargs: Any) -> Registration:
        """Never asked: every issuer may have many clients."""
        raise LtiException("name the client id")

    def find_registration_by_params(
        self, iss: str, client_id: str, *args: Any, **kwargs: Any
    ) -> Registration:
        """The enabled platform of this issuer and client id; without one, the only one that it can be.

        Raises PlatformUnknown, ClientUnnamed.
        """
        asked: Any = kwargs.get("request")
        deployment_id = asked.get_param("lti_deployment_id") or "" if asked and not client_id else ""
        found = candidates(iss, client_id=client_id, deployment_id=deployment_id)
        if not found:
            raise PlatformUnknown(
                f"issuer {iss!r}, client id {client_id!r}" if client_id else f"issuer {iss!r}, no client id"
            )
        if len(found) > 1:
            raise ClientUnnamed(f"issuer {iss!r}, deployment {deployment_id!r}")
        return registration_of(found[0])

    def find_deployment(self, iss: str, deployment_id: str) -> Deployment | None:
        """Never asked."""
        return None

    def find_deployment_by_params(
        self, iss: str, deployment_id: str, client_id: str, *args: Any, **kwargs: Any
    ) -> Deployment | None:
        """The deployment, if the platform's admin told us of it."""
        platform = find_platform(iss, client_id=client_id)
        known = platform is not None and deployment_id in platform.deployment_ids
        return Deployment().set_deployment_id(deployment_id) if known else None


def find_platform(issuer: str, *, client_id: str) -> OtherPlatform | None:
    """The enabled platform, byte for byte."""
    found = candidates(issuer, client_id=client_id) if client_id else []
    return found[0] if found else None


def candidates(issuer: str, *, client_id: str, deployment_id: str = "") -> list[OtherPlatform]:
    """The enabled platforms that may be meant. Who names no client id means one that has the deployment, if named."""
    if not is_text(issuer) or not is_text(client_id or ""):
        return []
    enabled = OtherPlatform.objects.filter(issuer=issuer, is_enabled=True).select_related("organization")
    found = list(enabled.filter(client_id=client_id) if client_id else enabled)
    named = [one for one in found if deployment_id in one.deployment_ids]
    return named or found


def registration_of(platform: OtherPlatform) -> Registration:
    """The library's view of a platform."""
    made = Registration().set_issuer(platform.issuer).set_client_id(platform.client_id)
    made.set_auth_login_url(platform.authorization_endpoint).set_auth_token_url(platform.token_endpoint)
    if platform.token_audience:
        made.set_auth_audience(platform.token_audience)
    return made.set_key_set_url(platform.key_set_url)


class Login(DjangoOIDCLogin):
    """The answer to a login initiation (Security Framework 5.1.1.1)."""

    def __init__(self, request: HttpRequest) -> None:
        store = SessionStore(request.session)
        super().__init__(request, OtherPlatforms(), cookie_service=SessionCookies(store))  # type: ignore[no-untyped-call]
        self._session_service.set_data_storage(store)

    def address(self, launch_url: str) -> str:
        """Where to send the browser. Raises OIDCException."""
        address = str(self._prepare_redirect_url(launch_url))
        endpoint = str(self._registration.get_auth_login_url())
        if "?" in endpoint:  # the library takes every endpoint for one without a query
            return address.replace(f"{endpoint}?", f"{endpoint}&", 1)
        return address


class MessageLaunch(DjangoMessageLaunch):
    """A message of another platform, judged (Security Framework 5.1.3)."""

    def __init__(self, request: HttpRequest) -> None:
        store = SessionStore(request.session)
        super().__init__(  # type: ignore[no-untyped-call]
            request,
            OtherPlatforms(),
            cookie_service=SessionCookies(store),
            requests_session=GuardedSession(),
        )
        self._session_service.set_data_storage(store)

    def validate_registration(self) -> "MessageLaunch":
        """The library's rules, and: RS256 alone, and no audience beside us (Security Framework 5.1.3)."""
        super().validate_registration()
        audience = self._jwt["body"].get("aud")
        if isinstance(audience, list) and audience != [self.get_client_id()]:
            raise LtiException("the token is for others too")
        if self._jwt["header"].get("alg") != "RS256":
            raise LtiException("the token is not signed with RS256")
        return self

    def validate_jwt_signature(self) -> "MessageLaunch":
        """Signature and times, with leeway for clocks that differ (Security Framework 5.1.3, points 1 and 7)."""
        key, _ = self.get_public_key()
        wanted: Any = {"verify_aud": False, "require": ["exp", "iat"]}
        try:
            jwt.decode(self._get_id_token(), key, algorithms=["RS256"], options=wanted, leeway=LEEWAY_SECONDS)
        except jwt.InvalidTokenError as error:
            raise LtiException(f"the token does not hold: {error}") from error
        return self

    def said_platform(self) -> OtherPlatform | None:
        """The platform that the message says it comes from, for that one's admin to see; nothing proves it."""
        body = self._jwt.get("body")
        said = body if isinstance(body, dict) else {}
        audience = said.get("aud")
        client_id = audience[0] if isinstance(audience, list) and audience else audience
        if not isinstance(said.get("iss"), str) or not isinstance(client_id, str):
            return None
        return find_platform(said["iss"], client_id=client_id)

    def save_launch_data(self) -> "MessageLaunch":
        """Nothing: what a message says is used at once, and a message is good once."""
        return self

    def get_public_key(self) -> Any:
        """The key that signed; an unknown one is looked for in a fresh key set, at most once a minute."""
        registration = self._known()
        url = str(registration.get_key_set_url())
        try:
            return super().get_public_key()
        except LtiException:
            if not cache.add(f"door-forced:{url}", True, FORCED_ONCE_IN_SECONDS):
                raise
            cache.delete(f"door-keys:{url}")
            registration.set_key_set(None)
            return super().get_public_key()

    def _known(self) -> Registration:
        if self._registration is None:
            raise LtiException("the platform is unknown or off")
        return self._registration

    def fetch_public_key(self, key_set_url: str) -> Any:
        """The key set, kept for a quarter of an hour."""
        name = f"door-keys:{key_set_url}"
        if (kept := cache.get(name)) is not None:
            return kept
        fetched = super().fetch_public_key(key_set_url)
        if not isinstance(fetched, dict) or not isinstance(fetched.get("keys"), list):
            raise LtiException("the key set is none")
        cache.set(name, fetched, KEPT_SECONDS)
        return fetched


class Connector(ServiceConnector):
    """Asks for tokens with assertions that our key custody signs."""

    def __init__(self, registration: Registration) -> None:
        super().__init__(registration.set_tool_private_key("kept elsewhere"), GuardedSession())  # type: ignore[arg-type]

    def encode_jwt(self, message: Any, private_key: str, headers: Any) -> str:
        """The claims, signed as what we say as a tool."""
        return sign_jwt(message, purpose=Purpose.TOOL)


class Item(DeepLinkResource):
    """A link that is best opened in a window of its own (Deep Linking 3.2); the library has no word for it."""

    def to_dict(self) -> dict[str, object]:
        """The item as it is sent."""
        return {**super().to_dict(), "window": {}}


class Offer(DeepLink):
    """A deep linking response that our key custody signs; `data` comes back only where it was sent (4.5)."""

    def get_message_jwt(self, resources: Sequence[DeepLinkResource]) -> dict[str, object]:
        """The claims, without what is null."""
        claims = super().get_message_jwt(resources)
        return {name: value for name, value in claims.items() if value is not None}

    def encode_jwt(self, message: Any) -> str:
        """The claims, signed as what we say as a tool."""
        return sign_jwt(message, purpose=Purpose.TOOL)


def launch_url() -> str:
    """The one address that messages are posted to."""
    return f"{settings.PLATFORM_URL}/door/launch"
