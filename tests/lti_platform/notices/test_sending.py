"""Notices reach the tool signed, in batches, once it can be reached; and stop when it makes no sense."""

import json
from datetime import datetime, timedelta

import pytest

from lti_platform.courses.models import Context
from lti_platform.journal.models import Entry
from lti_platform.notices import queueing, sending, subscribing
from lti_platform.notices.models import Notice, NoticeHandler
from lti_platform.notices.vocabulary import CLAIM, CONTEXT_COPY
from lti_platform.tools import enabling
from lti_platform.tools.models import Registration
from tests.clocks import walking
from tests.factories import make_context, make_link
from tests.lti_platform.notices.staging import greeted, make_wanting_tool, send, told
from tests.services.receiver import Answer, Receiver

pytestmark = pytest.mark.django_db
State = Notice.State


def test_a_greeting_is_signed_for_the_tool_and_speaks_of_nobody(receiver: Receiver, now: datetime) -> None:
    notice = greeted(receiver, now=now)
    assert send(notice, now=now).state == State.DELIVERED
    client_id = notice.deployment.registration.client_id
    [[claims]] = told(receiver, audience=client_id, now=now)
    assert claims[f"{CLAIM}notice"] == {
        "id": str(notice.pk),
        "timestamp": "2026-03-02T15:00:00Z",
        "type": "LtiHelloWorldNotice",
    }
    assert claims[f"{CLAIM}deployment_id"] == notice.deployment.deployment_id
    assert (claims["azp"], claims["exp"] - claims["iat"]) == (client_id, 3600)
    assert not {"sub", f"{CLAIM}message_type"} & claims.keys()


def test_a_copied_course_is_told_once_to_tools_placed_in_the_copy(receiver: Receiver, now: datetime) -> None:
    deployment, course, origin = make_wanting_tool(receiver), make_context(), make_context()
    make_link(course, deployment)
    subscribing.subscribe(deployment, notice_type=CONTEXT_COPY, url=receiver.url("/notices"), now=now)
    for _ in range(2):
        queueing.tell_of_copy(course.pk, origin_ids=[str(origin.pk)], now=now)
    sending.send_due(now=now)
    [[claims]] = told(receiver, audience=deployment.registration.client_id, now=now)
    assert claims[f"{CLAIM}context"]["id"] == str(course.pk)
    assert claims[f"{CLAIM}origin_contexts"] == [str(origin.pk)]


def test_copies_are_no_business_of_tools_elsewhere(receiver: Receiver, now: datetime) -> None:
    deployment = make_wanting_tool(receiver)
    subscribing.subscribe(deployment, notice_type=CONTEXT_COPY, url=receiver.url("/notices"), now=now)
    assert queueing.tell_of_copy(make_context().pk, origin_ids=[], now=now) == 0


def test_a_batch_is_no_larger_than_the_tool_asked_for(receiver: Receiver, now: datetime) -> None:
    notice = greeted(receiver, now=now, max_batch_size=2)
    for _ in range(4):
        queueing.greet(notice.deployment, now=now)
    assert sending.send_due(now=now) == 5
    assert [len(json.loads(asked.body)["notices"]) for asked in receiver.asked] == [2, 2, 1]


@pytest.mark.parametrize("status", [500, 503, 429, 302])
def test_an_answer_that_may_change_is_asked_for_again_with_the_same_id(
    receiver: Receiver, now: datetime, status: int
) -> None:
    receiver.answers["/notices"] = Answer(status=status, headers={"Location": "http://169.254.169.254/"})
    notice = send(greeted(receiver, now=now), now=now)
    assert (notice.state, notice.attempts, notice.due_at) == (State.DUE, 1, now + timedelta(seconds=10))
    receiver.answers["/notices"] = Answer(status=204)
    assert send(notice, now=now + timedelta(seconds=9)).state == State.DUE
    assert send(notice, now=notice.due_at).state == State.DELIVERED
    claims = told(receiver, audience=notice.deployment.registration.client_id, now=now)
    assert {one[f"{CLAIM}notice"]["id"] for post in claims for one in post} == {str(notice.pk)}


@pytest.mark.parametrize("status", [400, 403, 404, 410])
def test_a_notice_the_tool_refuses_is_dropped_and_that_is_recorded(
    receiver: Receiver, now: datetime, status: int
) -> None:
    receiver.answers["/notices"] = Answer(status=status)
    notice = send(greeted(receiver, now=now), now=now)
    assert (notice.state, notice.last_error) == (State.DROPPED, f"The handler answered {status}.")
    assert Entry.objects.filter(fact_type="notices.dropped").count() == 1


def test_after_a_day_it_is_given_up(receiver: Receiver, now: datetime) -> None:
    receiver.answers["/notices"] = Answer(status=500)
    notice = send(greeted(receiver, now=now), now=now)
    while notice.state == State.DUE:
        moment = notice.due_at
        notice = send(notice, now=moment)
    assert notice.state == State.DROPPED
    assert moment - now >= timedelta(hours=24)


def test_a_tool_that_is_away_is_asked_once_in_a_sweep_and_the_others_hear(
    receiver: Receiver, now: datetime
) -> None:
    away = greeted(receiver, now=now - timedelta(seconds=1), max_batch_size=1)
    heard = greeted(receiver, now=now)
    NoticeHandler.objects.filter(deployment=away.deployment).update(url=receiver.url("/away"))
    receiver.answers["/away"] = Answer(status=503)
    for _ in range(3):
        queueing.greet(away.deployment, now=now)
    assert sending.send_due(now=now) == 1
    assert [asked.path for asked in receiver.asked] == ["/away", "/notices"]
    heard.refresh_from_db()
    assert heard.state == State.DELIVERED


def test_the_wait_after_a_failure_begins_when_it_failed(receiver: Receiver, now: datetime) -> None:
    receiver.answers["/notices"] = Answer(status=503)
    notice = greeted(receiver, now=now)
    sending.send_due(now=now, clock=walking(now, seconds=5))
    notice.refresh_from_db()
    assert notice.due_at > now + timedelta(seconds=10 + 5)


def test_a_notice_that_cannot_be_signed_stops_nobody_elses(
    receiver: Receiver, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    unsigned, sound = greeted(receiver, now=now), greeted(receiver, now=now)
    Registration.objects.filter(deployments=unsigned.deployment).update(has_own_keys=True)  # and it has none
    with caplog.at_level("CRITICAL"):
        assert send(sound, now=now).state == State.DELIVERED
        unsigned.refresh_from_db()
        assert (unsigned.state, unsigned.last_error) == (State.DUE, "unexpected: NoActiveKey")
        assert send(unsigned, now=now + sending.GIVEN_UP_AFTER).state == State.DROPPED


def test_a_notice_that_kills_its_workers_is_dropped_unsent(receiver: Receiver, now: datetime) -> None:
    notice = greeted(receiver, now=now)
    Notice.objects.update(attempts=sending.MOST_TRIES, leased_until=now)
    fresh = queueing.greet(notice.deployment, now=now)
    assert send(notice, now=now).state == State.DROPPED
    fresh.refresh_from_db()
    assert (fresh.state, len(receiver.asked)) == (State.DELIVERED, 1)


def test_a_disabled_tool_is_told_nothing_more(receiver: Receiver, now: datetime) -> None:
    notice = greeted(receiver, now=now)
    enabling.disable(notice.deployment.registration, now=now)
    assert send(notice, now=now).state == State.DROPPED
    assert receiver.asked == []


def test_the_lease_of_a_dead_worker_ends(receiver: Receiver, now: datetime) -> None:
    notice = greeted(receiver, now=now)
    Notice.objects.update(leased_until=now + sending.LEASE)
    assert send(notice, now=now).state == State.DUE
    assert send(notice, now=now + sending.LEASE).state == State.DELIVERED


def test_the_course_of_a_notice_is_not_a_person(receiver: Receiver, now: datetime) -> None:
    deployment = make_wanting_tool(receiver)
    course: Context = make_link(make_context(), deployment).context
    subscribing.subscribe(deployment, notice_type=CONTEXT_COPY, url=receiver.url("/notices"), now=now)
    queueing.tell_of_copy(course.pk, origin_ids=[], now=now)
    assert set(deployment.notices.get().claims) == {f"{CLAIM}context", f"{CLAIM}origin_contexts"}
