"""What the rooms of this package add to launches themselves."""

from datetime import datetime
from typing import Any

from lti_platform.launches import for_user, variables
from lti_platform.launches.contributing import contributes_claims
from lti_platform.launches.deep_linking import asking
from lti_platform.launches.models import Launch
from lti_platform.tools.dynamic.advertising import advertise

advertise(
    claims=["name", "given_name", "family_name", "email", "locale"],
    variables=variables.supported(),
)


@contributes_claims
def deep_linking_settings(launch: Launch, /, *, now: datetime) -> dict[str, Any]:
    """The settings claim of a deep linking request (Deep Linking 2.0, 4.4). Raises LaunchRefused."""
    return asking.settings_claim(launch, now=now)


@contributes_claims
def whose_work(launch: Launch, /, *, now: datetime) -> dict[str, Any]:
    """`for_user`, in messages about somebody's work (Submission Review 1.0)."""
    return for_user.claim(launch)
