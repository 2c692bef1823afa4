"""What the vendor has to type into their own form."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from lti_platform.tools import addresses
from lti_platform.tools.models import Deployment, Registration


def vendor_sheet(
    registration: Registration, *, deployments: Iterable[Deployment] | None = None
) -> dict[str, Any]:
    """Our values for this tool, named as in the OpenID configuration (Dynamic Registration 12.2), JSON-ready.

    `deployments` are those whose ids may be told, in order; all of the tool unless given. Disabled ones are not.
    """
    told = registration.deployments.order_by("created_at", "id") if deployments is None else deployments
    return {
        "issuer": settings.PLATFORM_URL,
        "client_id": registration.client_id,
        "deployment_ids": [deployment.deployment_id for deployment in told if deployment.is_enabled],
        "authorization_endpoint": addresses.authorization_endpoint(),
        "token_endpoint": addresses.token_endpoint(),
        "token_endpoint_auth_method": "private_key_jwt",
        "jwks_uri": addresses.key_set(),
        "scope": " ".join(registration.scopes),
    }
