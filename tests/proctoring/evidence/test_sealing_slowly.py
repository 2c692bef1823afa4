"""A bucket may be slow: nobody at the exam waits for it, and what happens meanwhile is in the list all the same."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import pytest
from django.conf import LazySettings
from django.db import OperationalError, connection, connections, transaction

from proctoring import incidents
from proctoring.evidence import sealing
from proctoring.evidence.models import Manifest
from proctoring.models import Attempt, Session
from proctoring.moving import locked
from tests.proctoring.evidence.staging import Stage
from tests.services.receiver import Answer, Asked, Receiver

pytestmark = pytest.mark.django_db(transaction=True)
NOT_LOCKED = b"<Error><Code>NoSuchObjectLockConfiguration</Code></Error>"


@dataclass
class SlowBucket:
    """A bucket that takes whatever comes; something else happens (`meanwhile`) before it says so."""

    meanwhile: list[Callable[[], object]] = field(default_factory=list)
    stored: list[bytes] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Answer:
        if "retention" in asked.path:
            return Answer() if asked.method == "PUT" else Answer(status=404, body=NOT_LOCKED)
        self.stored.append(asked.body)
        if self.meanwhile:
            try:
                self.meanwhile.pop()()
            finally:
                connections.close_all()
        return Answer(headers={"x-amz-version-id": "1"})


@pytest.fixture
def bucket(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[SlowBucket]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
    with Receiver() as server:
        settings.EVIDENCE_BUCKET, settings.EVIDENCE_ENDPOINT = "evidence", server.url("").rstrip("/")
        slow = SlowBucket()
        server.answers["*"] = slow
        yield slow


@pytest.fixture
def over(bucket: SlowBucket, now: datetime) -> Stage:
    """Lena's exam was handed in, and its tool has nothing more to hand over."""
    stage = Stage(now)
    stage.end()
    return stage


def test_nobody_at_the_exam_waits_for_a_slow_bucket(over: Stage, bucket: SlowBucket) -> None:
    waited: list[bool] = []

    def report() -> None:
        """The attempt page reports, as it does every few seconds."""
        try:
            with transaction.atomic():
                nowait = connection.features.has_select_for_update_nowait
                attempt = Attempt.objects.select_for_update(nowait=nowait).get()
                Attempt.objects.filter(id=attempt.id).update(last_seen_at=over.now)
            waited.append(False)
        except OperationalError:
            waited.append(True)

    bucket.meanwhile.append(report)
    assert sealing.consider(over.session.id, now=over.now) is not None
    assert waited == [False]


def test_what_happens_while_the_list_is_stored_is_in_the_list(over: Stage, bucket: SlowBucket) -> None:
    def see() -> None:
        with transaction.atomic():
            incidents.notice(locked(over.attempt.id), "connection_lost", now=over.now, severity="0.2")

    bucket.meanwhile.append(see)
    manifest = sealing.consider(over.session.id, now=over.now)
    assert manifest == Manifest.objects.get()
    incident = over.attempt.incidents.get(reason_code="connection_lost")
    assert str(incident.id) in json.loads(manifest.body)["incidents"]["ids"]
    assert bucket.stored[-1] == manifest.body.encode()
    assert len(bucket.stored) == 2


def test_of_two_that_seal_at_once_one_does(over: Stage, bucket: SlowBucket) -> None:
    bucket.meanwhile.append(lambda: sealing.consider(over.session.id, now=over.now))
    assert sealing.consider(over.session.id, now=over.now) is None
    assert Manifest.objects.get().body.encode() == bucket.stored[-1]
    assert Session.objects.get().state == Session.State.INCOMPLETE
