"""A launch as it stands in the database, for what packages add to it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from lti_platform.launches import hints
from lti_platform.launches.models import Launch
from tests.calling import CallingTool
from tests.factories import lena


def make_launch(tool: CallingTool, *, now: datetime, **fields: Any) -> Launch:
    """Lena opens the tool's link in its course."""
    defaults: dict[str, Any] = {
        "reference": hints.new_reference(),
        "hint_digest": uuid4().hex,
        "person": fields.pop("person", None) or lena(),
        "registration": tool.deployment.registration,
        "deployment": tool.deployment,
        "context": tool.context,
        "resource_link": tool.link,
        "message_type": "LtiResourceLinkRequest",
        "target_link_uri": "https://tool.example.test/launch",
        "created_at": now,
        "expires_at": now + timedelta(minutes=5),
    }
    return Launch.objects.create(**{**defaults, **fields})
