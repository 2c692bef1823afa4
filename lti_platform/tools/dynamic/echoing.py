"""A registration as its tool is told it: what was applied, not what was asked (RFC 7591 section 3.2.1)."""

from typing import Any

from lti_platform.tools.describing import TOOL_CONFIGURATION
from lti_platform.tools.describing_more import NAMED_ADDRESSES
from lti_platform.tools.dynamic import addresses, asking
from lti_platform.tools.models import Registration
from lti_platform.tools.scopes import VENDOR

VERSION = "1.3.0"
# How the registration stands: a member of ours, which no standard names.
STANDING = f"{VENDOR}/registration"


def echo(registration: Registration, *, access_token: str) -> dict[str, Any]:
    """The client information response, JSON-ready; `access_token` is the one the tool holds."""
    applied = {
        "client_id": registration.client_id,
        "registration_client_uri": addresses.client_configuration(registration.client_id),
        "registration_access_token": access_token,
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "token_endpoint_auth_method": "private_key_jwt",
        "client_name": registration.name,
        "initiate_login_uri": registration.initiate_login_uri,
        "redirect_uris": registration.redirect_uris,
        "scope": " ".join(registration.scopes),
        TOOL_CONFIGURATION: _tool(registration),
        STANDING: {"state": registration.state, "change_waiting": registration.proposed is not None},
    }
    keys = {"jwks": registration.jwks} if registration.jwks else {"jwks_uri": registration.jwks_uri}
    named = {name: getattr(registration, name) for name in (*NAMED_ADDRESSES, "contacts")}
    return applied | keys | {name: value for name, value in named.items() if value}


def _tool(registration: Registration) -> dict[str, Any]:
    told = {
        "version": VERSION,
        "domain": registration.domains[0],
        "secondary_domains": registration.domains[1:],
        "target_link_uri": registration.target_link_uri,
        "description": registration.description,
        "custom_parameters": registration.custom_parameters,
        "messages": registration.messages,
        "claims": asking.claims_given(registration),
    }
    deployment = registration.deployments.filter(is_enabled=True).order_by("created_at", "id").first()
    return told | ({"deployment_id": deployment.deployment_id} if deployment else {})
