"""What the vendor has to type into their own form."""

from typing import Any

from django.conf import settings

from lti_platform.tools import addresses
from lti_platform.tools.models import Registration


def vendor_sheet(registration: Registration) -> dict[str, Any]:
    """Our values for this tool, named as in the OpenID configuration (Dynamic Registration 12.2), JSON-ready."""
    deployments = registration.deployments.filter(is_enabled=True).order_by("created_at", "id")
    return {
        "issuer": settings.PLATFORM_URL,
        "client_id": registration.client_id,
        "deployment_ids": list(deployments.values_list("deployment_id", flat=True)),
        "authorization_endpoint": addresses.authorization_endpoint(),
        "token_endpoint": addresses.token_endpoint(),
        "token_endpoint_auth_method": "private_key_jwt",
        "jwks_uri": addresses.key_set(),
        "scope": " ".join(registration.scopes),
    }
