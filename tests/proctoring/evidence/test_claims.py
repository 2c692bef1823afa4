"""A launch of a proctoring tool says where evidence goes; no other launch does."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from lti_platform.launches.contributing import claims_for
from lti_platform.launches.models import Launch
from lti_platform.tools.scopes import EVIDENCE
from proctoring.evidence.claims import CLAIM, evidence_service
from proctoring.models import Session
from tests.proctoring.evidence.staging import Stage


def launch(stage: Stage, **fields: Any) -> Launch:
    described: dict[str, Any] = {
        "person": stage.attempt.person,
        "registration": stage.deployment.registration,
        "deployment": stage.deployment,
        "message_type": "LtiStartProctoring",
        "target_link_uri": "https://tool.example.test/launch",
        "subject": f"attempt:{stage.attempt.id}",
        "created_at": stage.now,
        "expires_at": stage.now + timedelta(minutes=5),
        "reference": "7K3-QF2",
        "hint_digest": "1" * 64,
        "session_digest": "2" * 64,
    }
    return Launch.objects.create(**{**described, **fields})


def test_the_claim_names_the_session_of_the_launch(stage: Stage, now: datetime) -> None:
    opening = launch(stage)
    said = claims_for(opening, reserved=frozenset(), now=now)[CLAIM]
    session = Session.objects.get(launch=opening)
    assert said["items_url"].endswith(f"/api/v1/evidence/sessions/{session.id}/items")
    assert evidence_service(opening, now=now)[CLAIM] == said
    assert said["end_url"].endswith(f"/api/v1/evidence/sessions/{session.id}/end")
    assert said["scope"] == [EVIDENCE]
    assert "recording" in said["kinds"]
    assert "video/webm" in said["media_types"]
    assert said["max_bytes"] > 0


@pytest.mark.parametrize(
    "fields", [{"message_type": "LtiResourceLinkRequest"}, {"subject": ""}, {"subject": "course:1"}]
)
def test_other_launches_say_nothing(stage: Stage, now: datetime, fields: dict[str, Any]) -> None:
    assert evidence_service(launch(stage, **fields), now=now) == {}


def test_a_tool_without_the_scope_is_told_nothing(stage: Stage, now: datetime) -> None:
    stage.deployment.registration.scopes = []
    assert evidence_service(launch(stage), now=now) == {}
