"""What we tell tools of ourselves before they register (Dynamic Registration, platform configuration)."""

from typing import Any

from django.conf import settings

from lti_platform.tools import addresses
from lti_platform.tools.describing import MESSAGE_TYPES
from lti_platform.tools.describing_more import PLACEMENTS
from lti_platform.tools.dynamic import addresses as ours
from lti_platform.tools.dynamic import advertising
from lti_platform.tools.scopes import SUPPORTED

PLATFORM_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-platform-configuration"
PRODUCT_FAMILY_CODE = "proctored-credentials"


def configuration() -> dict[str, Any]:
    """The OpenID configuration, JSON-ready."""
    return {
        "issuer": settings.PLATFORM_URL,
        "authorization_endpoint": addresses.authorization_endpoint(),
        "token_endpoint": addresses.token_endpoint(),
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "jwks_uri": addresses.key_set(),
        "registration_endpoint": ours.registration_endpoint(),
        "scopes_supported": ["openid", *SUPPORTED],
        "response_types_supported": ["id_token"],
        "response_modes_supported": ["form_post"],
        "grant_types_supported": ["implicit", "client_credentials"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["iss", "sub", *advertising.claims()],
        # The audience of client assertions; the token address is another name for it.
        "authorization_server": settings.PLATFORM_URL,
        PLATFORM_CONFIGURATION: _platform(),
    }


def _platform() -> dict[str, Any]:
    told = {
        "product_family_code": PRODUCT_FAMILY_CODE,
        "version": settings.PLATFORM_VERSION,
        "messages_supported": [_message(kind) for kind in MESSAGE_TYPES],
        "variables": advertising.variables(),
    }
    notices = advertising.notice_types()
    return told | ({"notice_types_supported": notices} if notices else {})


def _message(kind: str) -> dict[str, Any]:
    return {"type": kind} | ({"placements": list(PLACEMENTS[kind])} if kind in PLACEMENTS else {})
