"""A proctoring session under way, and a tool that hands over what it recorded."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from lti_platform.tools.models import Deployment
from proctoring.attempts import pinned
from proctoring.evidence import ending, receiving
from proctoring.evidence.models import EvidenceItem
from proctoring.evidence.receiving import Completion, ItemPlan
from proctoring.evidence.stores.local import LocalStore
from proctoring.models import Attempt, RunningInterval, Session
from tests.factories import lena, make_deployment, make_exam, make_registration
from tests.media import webm

_numbers = iter(range(1, 10**6))


@dataclass
class Stage:
    """Lena's attempt, running since `now`, recorded by one session. The tool's clock is `tool_is_ahead` of ours."""

    now: datetime
    deployment: Deployment = field(
        default_factory=lambda: make_deployment(make_registration("Proctoring Tool"))
    )
    tool_is_ahead: timedelta = timedelta()
    minutes_running: float = 1

    def __post_init__(self) -> None:
        exam = make_exam(proctoring=self.deployment)
        number = next(_numbers)
        self.attempt = Attempt.objects.create(
            case_number=number,
            exam=exam,
            person=lena(),
            number=1,
            state=Attempt.State.RUNNING,
            policy=pinned(exam),
            created_at=self.now,
            started_at=self.now,
        )
        RunningInterval.objects.create(
            attempt=self.attempt,
            started_at=self.now,
            ended_at=self.now + timedelta(minutes=self.minutes_running),
        )
        self.session = self.new_session(number)

    def new_session(self, number: int, **fields: Any) -> Session:
        """Another session of the attempt, recording since `now`."""
        return Session.objects.create(
            attempt=self.attempt,
            deployment=self.deployment,
            **{
                "state": Session.State.RECORDING,
                "session_data_digest": f"digest-{number}",
                "session_data_expires_at": self.now + timedelta(hours=4),
                "launched_at": self.now,
                "started_at": self.now,
                "last_heard_at": self.now,
                **fields,
            },
        )

    def plan(self, data: bytes, *, at: datetime | None = None, **fields: Any) -> EvidenceItem:
        """An item announced for these bytes: the camera's first segment unless told otherwise."""
        described = {"kind": "recording", "stream": "camera", "media_type": "video/webm", **fields}
        plan = ItemPlan(bytes=len(data), **described)
        return receiving.plan_item(self.session, plan=plan, now=at or self.now)[0]

    def upload(self, item: EvidenceItem, data: bytes) -> None:
        """The bytes reach the embedded store."""
        store = LocalStore(settings.EVIDENCE_DIR, base_url=settings.PLATFORM_URL)
        store.receive(item.object_key, chunks=[data], bytes=len(data))

    def complete(
        self, item: EvidenceItem, data: bytes, *, after: float = 0, lasting: float = 2, **said: Any
    ) -> EvidenceItem:
        """Completed as captured `after` seconds into the exam, `lasting` so many; `said` replaces what is said."""
        began = self.now + timedelta(seconds=after) + self.tool_is_ahead
        ended = began + timedelta(seconds=lasting)
        values = {
            "bytes": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
            "capture_started_at": began,
            "capture_ended_at": ended,
            "sent_at": ended,
            **said,
        }
        now = self.now + timedelta(seconds=after + lasting)
        return receiving.complete_item(item, completion=Completion(**values), now=now)

    def hand_over(
        self, data: bytes | None = None, *, after: float = 0, lasting: float = 2, **fields: Any
    ) -> EvidenceItem:
        """Planned, uploaded and completed in one go."""
        data = webm(2) if data is None else data
        item = self.plan(data, **fields)
        self.upload(item, data)
        return self.complete(item, data, after=after, lasting=lasting)

    def end(self, *named: tuple[str, str, int], at: datetime | None = None) -> None:
        """The exam is handed in, and the tool announces the end, naming (kind, stream, count)."""
        items = [ending.NamedItems(kind=kind, stream=stream, count=count) for kind, stream, count in named]
        at = at or self.now + timedelta(minutes=self.minutes_running)
        Attempt.objects.filter(id=self.attempt.id).update(state=Attempt.State.SUBMITTED, ended_at=at)
        ending.end_session(self.session, ended_at=at, named=items, now=at)

    def again(self, item: EvidenceItem) -> EvidenceItem:
        """The item as it is now."""
        return EvidenceItem.objects.get(id=item.id)
