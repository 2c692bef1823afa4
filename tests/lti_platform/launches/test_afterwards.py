"""What the tool called after a launch, told beside its steps."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gradebook.line_items import create_coupled
from lti_platform.journal.models import Entry
from lti_platform.launches import inspecting
from lti_platform.launches.afterwards import WINDOW, calls_after
from lti_platform.launches.models import Launch
from lti_platform.tools import calls
from lti_platform.tools.models import ServiceCall
from tests.attacks.asking_for_tokens import TokenSeeker
from tests.attacks.grading import posting_scores
from tests.calling import CallingTool
from tests.factories import lena, make_membership
from tests.launching import make_launch
from tests.tool_keys import tool_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def launch(tool: CallingTool) -> Launch:
    """Lena's launch, whose tool got its token a minute ago."""
    person, sent = lena(), datetime.now(UTC) - timedelta(minutes=1)
    make_membership(person, tool.context)
    return make_launch(tool, now=sent, person=person, consumed_at=sent, state=Launch.State.SENT)


def told(launch: Launch) -> list[str]:
    return [f"{call.title} {call.text} {call.rule}" for call in calls_after(launch)]


def score(tool: CallingTool, launch: Launch, **changes: Any) -> Any:
    item = create_coupled(tool.link, label="Exam", score_maximum=20, holds_results=False)  # type: ignore[arg-type]
    return posting_scores(tool, item, launch.person)(**changes)


def test_a_score_for_the_launching_person_is_told(tool: CallingTool, launch: Launch) -> None:
    assert score(tool, launch).status_code == 200
    assert [words for words in told(launch) if words.startswith("Score received. Exam:")]


def test_a_score_for_somebody_else_is_not(tool: CallingTool, launch: Launch) -> None:
    score(tool, launch)
    other = make_launch(tool, now=launch.created_at, consumed_at=launch.consumed_at)
    assert not [words for words in told(other) if words.startswith("Score")]


def test_what_was_read_is_told_once_a_minute(tool: CallingTool, launch: Launch) -> None:
    for _ in range(3):
        assert tool.get(f"/lti/nrps/{tool.context.pk}/memberships").status_code in (200, 404)
    now, path = datetime.now(UTC), f"/x/{tool.context.pk}"
    calls.note(launch.registration, path=path, now=now)
    calls.note(launch.registration, path=path, now=now)
    assert [words for words in told(launch) if path in words] == [f"Service read. GET {path} "]


def test_a_call_that_a_rule_stopped_is_told_with_the_rule(tool: CallingTool, launch: Launch) -> None:
    answer = score(tool, launch, userId="nobody")
    assert answer.status_code == 400
    assert [words for words in told(launch) if "refused" in words and "person_not_gradable" in words]


def test_a_token_request_that_a_rule_stopped_is_told_with_the_rule(tool: CallingTool, launch: Launch) -> None:
    seeker = TokenSeeker(tool.deployment.registration, tool_key("nobody knows it"))
    assert seeker.ask().status_code == 400
    [words] = [words for words in told(launch) if words.startswith("Access token refused.")]
    assert "/lti/token" not in words
    assert words.split()[-1] in {"kid_unknown", "signature_invalid", "key_set_unavailable"}


def test_before_its_token_and_long_after_it_nothing_is_told(tool: CallingTool, launch: Launch) -> None:
    score(tool, launch)
    Launch.objects.update(consumed_at=datetime.now(UTC) - WINDOW - timedelta(minutes=1))
    launch.refresh_from_db()
    assert told(launch) == []
    launch.consumed_at = None
    assert told(launch) == []


def test_the_timeline_holds_calls_in_their_place(tool: CallingTool, launch: Launch) -> None:
    score(tool, launch)
    lines = [line for line in inspecting.timeline(launch) if line.at]
    assert lines == sorted(lines, key=lambda line: line.at or launch.created_at)
    assert "Score received." in [line.title for line in lines]


def test_a_score_costs_no_more_for_being_told(tool: CallingTool, launch: Launch) -> None:
    score(tool, launch)
    assert not ServiceCall.objects.exists()
    assert Entry.objects.filter(fact_type="gradebook.score_received").count() == 1


def test_reads_are_forgotten_in_time(launch: Launch) -> None:
    now = datetime.now(UTC)
    calls.note(launch.registration, path="/old", now=now - calls.KEPT - timedelta(days=1))
    calls.note(launch.registration, path="/new", now=now)
    assert calls.forget_old(now=now) == 1
    assert list(ServiceCall.objects.values_list("path", flat=True)) == ["/new"]
