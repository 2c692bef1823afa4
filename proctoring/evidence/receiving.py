"""Evidence comes in: planned, addressed, completed, and declared to be all. Each call keeps the session alive."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from proctoring import sessions
from proctoring.evidence import limits
from proctoring.evidence.errors import (
    CollectionOver,
    CompletionDiffers,
    CompletionRefused,
    ItemDiffers,
    ItemNotPlanned,
    ItemUnknown,
    NotUploaded,
    SessionUnknown,
    TooManyItems,
)
from proctoring.evidence.facts import EvidencePlanned, EvidenceReceived
from proctoring.evidence.models import EndNotice, EvidenceItem
from proctoring.evidence.stores.chosen import current_store
from proctoring.evidence.stores.contract import UploadPlan, new_key
from proctoring.models import Session
from proctoring.moving import tell

MAX_CAPTURE_HOURS = 24
OPEN_STATES = (Session.State.LAUNCHED, Session.State.RECORDING)


@dataclass(frozen=True, kw_only=True)
class Tool:
    """Whose call it is: a registration, and the one deployment its token is bound to, if any."""

    registration_id: UUID
    deployment_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class ItemPlan:
    """What a tool wants to hand over. `media_type` may carry parameters; they are dropped."""

    kind: str
    media_type: str
    bytes: int
    stream: str = ""
    sequence: int = 0


@dataclass(frozen=True, kw_only=True)
class Completion:
    """What a tool says it uploaded. All times are of the tool's clock, which read `sent_at` when it spoke."""

    bytes: int
    sha256: str
    capture_started_at: datetime
    capture_ended_at: datetime
    sent_at: datetime


def session_of(tool: Tool, *, session_id: UUID) -> Session:
    """The tool's session, while it is deployed. Raises SessionUnknown, also for another tool's: nobody's business."""
    owned = sessions.of_tool(
        session_id, registration_id=tool.registration_id, deployment_id=tool.deployment_id
    )
    if owned is None:
        raise SessionUnknown
    return owned


def item_of(tool: Tool, *, session_id: UUID, item_id: UUID) -> EvidenceItem:
    """The tool's item. Raises SessionUnknown, ItemUnknown."""
    session = session_of(tool, session_id=session_id)
    item = EvidenceItem.objects.filter(id=item_id, session=session).first()
    if item is None:
        raise ItemUnknown
    item.session = session
    return item


def plan_item(session: Session, *, plan: ItemPlan, now: datetime) -> tuple[EvidenceItem, bool]:
    """The item and whether it is new: a recording's segment asked for again is the same item.

    Raises ItemRefused (five kinds), ItemDiffers, CollectionOver, TooManyItems.
    """
    media_type = limits.essence(plan.media_type)
    limits.judge_plan(
        kind=plan.kind, stream=plan.stream, sequence=plan.sequence, media_type=media_type, bytes=plan.bytes
    )
    with transaction.atomic():
        # One planner at a time per session: its state, the count and the place in the stream are then true.
        rows = Session.objects.select_related("attempt__person").select_for_update(of=("self",))
        session = rows.get(id=session.id)
        sessions.heard(session.id, now=now)
        if existing := _same_place(session, plan=plan):
            if (existing.media_type, existing.declared_bytes) != (media_type, plan.bytes):
                raise ItemDiffers
            return existing, False
        _judge_room(session, plan=plan, now=now)
        item = EvidenceItem.objects.create(
            session=session,
            kind=plan.kind,
            stream=plan.stream,
            sequence=plan.sequence,
            media_type=media_type,
            object_key=new_key(),
            declared_bytes=plan.bytes,
            planned_at=now,
        )
        tell(session.attempt, EvidencePlanned(item_id=item.id, session_id=session.id), now=now)
    return item, True


def fresh_upload(item: EvidenceItem, *, now: datetime) -> UploadPlan:
    """A new address for an item still awaited. Raises ItemNotPlanned, StoreUnavailable."""
    if item.state != EvidenceItem.State.PLANNED:
        raise ItemNotPlanned
    sessions.heard(item.session_id, now=now)
    return current_store().plan_upload(
        item.object_key, media_type=item.media_type, bytes=item.declared_bytes, now=now
    )


def complete_item(item: EvidenceItem, *, completion: Completion, now: datetime) -> EvidenceItem:
    """The item, received; said again in the same words it changes nothing.

    Raises CompletionRefused, CompletionDiffers, NotUploaded, StoreUnavailable.
    """
    _judge_completion(completion)
    if item.state != EvidenceItem.State.PLANNED:
        return _repeated(item, completion=completion)
    stored = current_store().stat(item.object_key)
    if stored is None:
        raise NotUploaded
    with transaction.atomic():
        sessions.heard(item.session_id, now=now)
        taken = EvidenceItem.objects.filter(id=item.id, state=EvidenceItem.State.PLANNED).update(
            state=EvidenceItem.State.RECEIVED,
            object_version=stored.version,
            completed_bytes=completion.bytes,
            declared_sha256=completion.sha256,
            capture_started_at=completion.capture_started_at,
            capture_ended_at=completion.capture_ended_at,
            clock_offset_ms=_milliseconds(now, completion.sent_at),
            received_at=now,
        )
        item.refresh_from_db(from_queryset=EvidenceItem.objects.select_related("session__attempt__person"))
        if not taken:
            return _repeated(item, completion=completion)
        fact = EvidenceReceived(item_id=item.id, session_id=item.session_id)
        tell(item.session.attempt, fact, now=now)
    return item


def _same_place(session: Session, *, plan: ItemPlan) -> EvidenceItem | None:
    if plan.kind != EvidenceItem.Kind.RECORDING:
        return None
    return EvidenceItem.objects.filter(
        session=session, kind=plan.kind, stream=plan.stream, sequence=plan.sequence
    ).first()


def _judge_room(session: Session, *, plan: ItemPlan, now: datetime) -> None:
    if not _is_awaited(session, plan=plan, now=now):
        raise CollectionOver
    if EvidenceItem.objects.filter(session=session).count() >= limits.MAX_ITEMS:
        raise TooManyItems


def _is_awaited(session: Session, *, plan: ItemPlan, now: datetime) -> bool:
    notice = EndNotice.objects.filter(session=session).first()
    if notice is None:
        late = session.state == Session.State.ENDED and session.collect_until and now < session.collect_until
        return session.state in OPEN_STATES or bool(late)
    return any(
        (named["kind"], named["stream"]) == (plan.kind, plan.stream) and plan.sequence < named["count"]
        for named in notice.named
    )


def _judge_completion(completion: Completion) -> None:
    hours = (completion.capture_ended_at - completion.capture_started_at).total_seconds() / 3600
    if not 0 <= hours <= MAX_CAPTURE_HOURS:
        raise CompletionRefused("Capture must end after it starts, within a day.")
    if abs((completion.sent_at - completion.capture_ended_at).days) > 366:
        raise CompletionRefused("sent_at and the capture must be read from the same clock.")


def _repeated(item: EvidenceItem, *, completion: Completion) -> EvidenceItem:
    before = (item.completed_bytes, item.declared_sha256, item.capture_started_at, item.capture_ended_at)
    said = (completion.bytes, completion.sha256, completion.capture_started_at, completion.capture_ended_at)
    if before != said:
        raise CompletionDiffers
    return item


def _milliseconds(ours: datetime, theirs: datetime) -> int:
    return round((ours - theirs).total_seconds() * 1000)
