from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from lti_platform.journal import clock
from proctoring.models import Attempt, Incident, IncidentDecision, ReviewCase, Verdict
from tests.browsing import signed_in
from tests.factories import pia
from tests.proctoring.desk.staging import Recorded, begin, decide, page_of, usual_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage() -> Recorded:
    return usual_case()[0]


@pytest.fixture
def client(stage: Recorded) -> Client:
    """Pia, who has started on the case."""
    found = signed_in(pia())
    begin(found, stage.number)
    return found


def flagged(stage: Recorded) -> Incident:
    return Incident.objects.get(attempt=stage.attempt, reason_message="Second person in view")


def judge_all(client: Client, stage: Recorded) -> None:
    for incident in stage.attempt.incidents.all():
        decide(client, stage.number, incident.pk, "dismissed", reason="A colleague passed by.")


def sign(client: Client, stage: Recorded, outcome: str, **more: str) -> tuple[int, str]:
    """Status and page of a verdict."""
    answer = client.post(
        reverse("review-verdict", args=[stage.number]), {"outcome": outcome, **more}, follow=True
    )
    return answer.status_code, answer.content.decode()


def test_an_incident_is_confirmed_without_a_word(client: Client, stage: Recorded) -> None:
    page = decide(client, stage.number, flagged(stage).pk, "confirmed")
    assert "2 of 3 incidents still need your decision." in page
    assert flagged(stage).decisions.get().judgement == "confirmed"


def test_dismissing_takes_a_reason(client: Client, stage: Recorded) -> None:
    page = decide(client, stage.number, flagged(stage).pk, "dismissed", reason="  ")
    assert "Say why: a reason is needed here." in page
    assert not IncidentDecision.objects.exists()
    page = decide(client, stage.number, flagged(stage).pk, "dismissed", reason="A poster, not a person.")
    assert "“A poster, not a person.”" in page


def test_undo_opens_the_incident_again_and_keeps_what_was_said(client: Client, stage: Recorded) -> None:
    decide(client, stage.number, flagged(stage).pk, "confirmed")
    page = decide(client, stage.number, flagged(stage).pk, "reopened")
    assert "3 of 3 incidents still need your decision." in page
    assert [one.judgement for one in flagged(stage).decisions.all()] == ["confirmed", "reopened"]


def test_with_htmx_only_the_changed_parts_come_back(client: Client, stage: Recorded) -> None:
    address = reverse("review-decide", args=[stage.number, flagged(stage).pk])
    html = client.post(address, {"judgement": "confirmed"}, headers={"hx-request": "true"}).content.decode()
    assert "<html" not in html
    assert "<video" not in html
    for part in ("standing-line", "timeline", "verdict-state"):
        assert f'<div id="{part}" hx-swap-oob="true"' in html
    assert "Decide the 2 open incidents first." in html


def test_with_htmx_a_refusal_is_said_beside_the_list(client: Client, stage: Recorded) -> None:
    address = reverse("review-decide", args=[stage.number, flagged(stage).pk])
    html = client.post(address, {"judgement": "maybe"}, headers={"hx-request": "true"}).content.decode()
    assert 'role="alert"' in html


def test_only_who_has_the_case_decides(stage: Recorded) -> None:
    page = decide(signed_in(pia()), stage.number, flagged(stage).pk, "confirmed")
    assert "Start reviewing first" in page
    assert not IncidentDecision.objects.exists()


def test_an_incident_of_another_case_is_refused(client: Client, stage: Recorded) -> None:
    other, _case = usual_case()
    page = decide(client, stage.number, flagged(other).pk, "confirmed")
    assert "There is no such incident in this case." in page
    assert not IncidentDecision.objects.exists()


def test_a_verdict_waits_until_every_incident_is_judged(client: Client, stage: Recorded) -> None:
    status, page = sign(client, stage, "clear_with_notes", note="Seen in full.")
    assert status == 422
    assert "Decide the 3 open incidents first. Nothing was signed." in page
    assert "Seen in full." in page
    assert not Verdict.objects.exists()


def test_clear_releases_the_result(client: Client, stage: Recorded, settle: Callable[..., int]) -> None:
    judge_all(client, stage)
    status, page = sign(client, stage, "clear")
    assert status == 200
    assert "Signed. The result is released" in page
    assert "Next case" in page
    settle(now=clock.now())
    assert stage.day.state == Attempt.State.RELEASED
    page = client.get(page_of(stage.number)).content.decode()
    assert "Clear, signed by Pia Osei." in page
    assert "80\u00a0%" in page


def test_a_verdict_against_the_candidate_is_asked_about_once_more(client: Client, stage: Recorded) -> None:
    judge_all(client, stage)
    status, page = sign(client, stage, "violation_major", note="Another person answered.")
    assert status == 422
    assert "data-dialog-open" in page
    assert "Another person answered." in page
    assert not Verdict.objects.exists()
    status, page = sign(client, stage, "violation_major", note="Another person answered.", sure="1")
    assert status == 200
    assert "The result is void" in page
    assert stage.day.state == Attempt.State.INVALIDATED


@pytest.mark.parametrize(
    ("outcome", "sure", "words"),
    [("technical_retake", "", "Say why"), ("violation_minor", "1", "Say why"), ("perfect", "", "Choose one")],
)
def test_a_verdict_that_breaks_a_rule_is_not_signed(
    client: Client, stage: Recorded, outcome: str, sure: str, words: str
) -> None:
    judge_all(client, stage)
    status, page = sign(client, stage, outcome, sure=sure)
    assert status == 422
    assert words in page
    assert not Verdict.objects.exists()


def test_only_who_has_the_case_signs(client: Client, stage: Recorded) -> None:
    judge_all(client, stage)
    status, page = sign(signed_in(pia()), stage, "clear")
    assert status == 422
    assert "Start reviewing first" in page or "has this case" in page
    assert ReviewCase.objects.get().state == ReviewCase.State.WAITING


def test_a_decided_case_is_watched_again_for_a_reason(client: Client, stage: Recorded) -> None:
    judge_all(client, stage)
    sign(client, stage, "clear")
    reader = signed_in(pia())
    address = reverse("review-start", args=[stage.number])
    assert "<video" not in reader.get(page_of(stage.number)).content.decode()
    assert "choose a reason" in reader.post(address, follow=True).content.decode()
    assert "<video" in reader.post(address, {"reason": "appeal"}, follow=True).content.decode()
    assert stage.session.accesses.last().reason == "appeal"  # type: ignore[union-attr]


def test_a_settled_rejection_offers_no_other_verdict(client: Client, stage: Recorded) -> None:
    judge_all(client, stage)
    sign(client, stage, "technical_retake", note="The camera broke.")
    page = client.get(page_of(stage.number)).content.decode()
    assert "data-verdict" not in page
    assert sign(client, stage, "clear")[0] == 422
    assert stage.day.state == Attempt.State.VOIDED
