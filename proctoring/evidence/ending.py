"""The tool's word that it is done, and what that makes us wait for."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from proctoring import sessions
from proctoring.evidence import limits
from proctoring.evidence.errors import EndDiffers, KindUnknown, SequenceTooHigh
from proctoring.evidence.facts import EvidenceEnded
from proctoring.evidence.models import EndNotice
from proctoring.models import Session
from proctoring.moving import tell


@dataclass(frozen=True, kw_only=True)
class NamedItems:
    """`count` items of this kind and stream were made; of recordings, those with sequence 0 … count - 1."""

    kind: str
    count: int
    stream: str = ""


def end_session(session: Session, *, ended_at: datetime, named: Sequence[NamedItems], now: datetime) -> None:
    """Nothing more is coming but what is named; said again in the same words it changes nothing.

    `ended_at` is of the tool's clock. Raises ItemRefused (three kinds), EndDiffers.
    """
    items = _judged(named)
    with transaction.atomic():
        notice, is_new = EndNotice.objects.select_for_update().get_or_create(
            session=session, defaults={"ended_at": ended_at, "named": items, "received_at": now}
        )
        if (notice.ended_at, notice.named) != (ended_at, items):
            raise EndDiffers
        if is_new:
            sessions.end(session.id, now=now)
            tell(session.attempt, EvidenceEnded(session_id=session.id), now=now)


def _judged(named: Sequence[NamedItems]) -> list[dict[str, object]]:
    for items in named:
        if items.kind not in limits.MEDIA_TYPES:
            raise KindUnknown
        limits.judge_stream(kind=items.kind, stream=items.stream)
    if len({(items.kind, items.stream) for items in named}) != len(named):
        raise SequenceTooHigh("Name each kind and stream once.")
    if any(items.count < 0 for items in named) or sum(items.count for items in named) > limits.MAX_ITEMS:
        raise SequenceTooHigh(f"At most {limits.MAX_ITEMS} items.")
    return [asdict(items) for items in sorted(named, key=lambda items: (items.kind, items.stream))]
