"""A session's evidence is listed, signed and kept: when all is here, or when waiting is over. Late evidence amends."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from proctoring import incidents, sessions
from proctoring.evidence import awaiting, jws
from proctoring.evidence.coverage import Span, coverage_percent
from proctoring.evidence.errors import SealBroken, SealOvertaken
from proctoring.evidence.facts import ManifestSealed
from proctoring.evidence.manifest import Contents, body_of, digest, object_of
from proctoring.evidence.models import EndNotice, EvidenceItem, Manifest
from proctoring.evidence.retention import manifest_kept_until
from proctoring.evidence.stores.chosen import current_store
from proctoring.evidence.stores.contract import new_key
from proctoring.evidence.timeline import best_stream, recorded_of
from proctoring.models import Session, Verdict
from proctoring.moving import locked, tell

OVER = (Session.State.ENDED, Session.State.COMPLETE, Session.State.INCOMPLETE)
TRIES = 3


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A manifest as it would be now. `body` is canonical: what is the same has the same bytes."""

    session: Session
    contents: Contents
    previous: Manifest | None
    body: bytes


def consider(session_id: UUID, *, now: datetime) -> Manifest | None:
    """Seal the session if its time has come; the manifest made by this call, if any.

    It is signed and stored while nothing is locked, and kept only if it is still true then: so nobody at the exam waits
    for a slow store. One that is not is drawn up anew; its object stays, and nothing names it.

    Safe to call at any time and any number of times, outside of transactions. Raises StoreUnavailable, NoActiveKey,
    SealOvertaken.
    """
    draft = _draft(session_id, now=now)
    for _try in range(TRIES):
        if draft is None:
            return None
        key, signature = _store(draft.body, now=now), jws.sign_detached(draft.body)
        with transaction.atomic():
            again = _draft(session_id, now=now)
            if again and again.body == draft.body:
                return _keep(again, key=key, signature=signature, now=now)
        draft = again
    raise SealOvertaken(str(session_id))


def due(*, now: datetime) -> list[UUID]:
    """Sessions that ended, and wait for nothing but the clock."""
    over = Session.objects.filter(state=Session.State.ENDED, collect_until__lte=now)
    return list(over.values_list("id", flat=True))


def verify(manifest: Manifest) -> None:
    """Nothing, if the row is what was signed. Raises SealBroken."""
    body = manifest.body.encode()
    if digest(body) != manifest.sha256 or not jws.is_genuine(body, jws=manifest.signature):
        raise SealBroken


def _is_time(session: Session, *, items: list[EvidenceItem], now: datetime) -> bool:
    deadline = session.collect_until
    if awaiting.is_being_judged(items):
        return deadline is not None and now >= deadline + sessions.JUDGING_GRACE
    if deadline is not None and now >= deadline:
        return True
    notice, has_recorded = _notice(session), _has_recorded(session)
    return session.sealed_at is not None or awaiting.is_all_here(
        items, notice=notice, has_recorded=has_recorded
    )


@transaction.atomic
def _draft(session_id: UUID, *, now: datetime) -> Draft | None:
    """What there is to seal; None if its time has not come, or nothing is new."""
    # The attempt's lock, as everywhere: a lock of the session alone could wait for one that waits for it.
    locked(Session.objects.values_list("attempt_id", flat=True).get(id=session_id))
    session = Session.objects.select_related("attempt__person", "deployment").get(id=session_id)
    items = list(EvidenceItem.objects.filter(session=session))
    if session.state not in OVER or not _is_time(session, items=items, now=now):
        return None
    previous = Manifest.objects.filter(session=session).last()
    if previous and _objects(previous) == [object_of(item) for item in _judged(items)]:
        return None
    contents = _contents(session, items=items, now=now)
    body = body_of(session, contents=contents, previous=previous, sealed_at=now)
    return Draft(session=session, contents=contents, previous=previous, body=body)


def _contents(session: Session, *, items: list[EvidenceItem], now: datetime) -> Contents:
    return Contents(
        items=_judged(items),
        gaps=awaiting.gaps(items, notice=_notice(session), has_recorded=_has_recorded(session)),
        incidents=list(session.attempt.incidents.all()),
        coverage_percent=_coverage(session, now=now),
    )


def _keep(draft: Draft, *, key: str, signature: str, now: datetime) -> Manifest:
    manifest = Manifest.objects.create(
        session=draft.session,
        number=draft.previous.number + 1 if draft.previous else 1,
        body=draft.body.decode(),
        object_key=key,
        sha256=digest(draft.body),
        signature=signature,
        is_complete=not draft.contents.gaps,
        sealed_at=now,
    )
    _announce(manifest, coverage=draft.contents.coverage_percent, now=now)
    _flag_unseen(manifest, items=draft.contents.items, now=now)
    return manifest


def _flag_unseen(manifest: Manifest, *, items: Sequence[EvidenceItem], now: datetime) -> None:
    """Who gave a verdict before all was there has not seen the rest: somebody has to look at that too."""
    session = manifest.session
    verdict = Verdict.objects.filter(case__attempt_id=session.attempt_id).last()
    if verdict and any(item.judged_at and item.judged_at > verdict.at for item in items):
        about = f"{session.id} {manifest.number}"
        incidents.notice(
            locked(session.attempt_id),
            "evidence_after_verdict",
            now=now,
            severity="0.3",
            about=about,
            session=session,
        )


def _announce(manifest: Manifest, *, coverage: Any, now: datetime) -> None:
    fact = ManifestSealed(
        manifest_id=manifest.id,
        session_id=manifest.session_id,
        number=manifest.number,
        is_complete=manifest.is_complete,
        sha256=manifest.sha256,
    )
    tell(manifest.session.attempt, fact, now=now)
    sessions.mark_sealed(
        manifest.session_id, complete=manifest.is_complete, coverage_percent=coverage, now=now
    )


def _store(body: bytes, *, now: datetime) -> str:
    # The row is the working copy; the object is the one that a database administrator cannot change.
    store, key = current_store(), new_key()
    with tempfile.TemporaryDirectory(prefix="manifest-") as folder:
        path = Path(folder) / "manifest.json"
        path.write_bytes(body)
        stored = store.put_file(key, path, media_type="application/json")
    store.lock(key, version=stored.version, until=manifest_kept_until(now))
    return key


def _has_recorded(session: Session) -> bool:
    """Whether recordings are owed: check-in was done, and the tool is one that hands over."""
    return session.started_at is not None and session.hands_over


def _coverage(session: Session, *, now: datetime) -> Any:
    if not session.hands_over:
        return None
    start, end = session.started_at or session.launched_at, session.ended_at or now
    running = [
        Span(max(interval.started_at, start), min(interval.ended_at or now, end))
        for interval in session.attempt.running_intervals.all()
    ]
    recorded = [segment.span for segment in best_stream(recorded_of(session))]
    return coverage_percent(recorded=recorded, running=running)


def _judged(items: list[EvidenceItem]) -> list[EvidenceItem]:
    return sorted(
        (item for item in items if item.state in awaiting.JUDGED),
        key=lambda item: (item.kind, item.stream, item.sequence, str(item.id)),
    )


def _objects(manifest: Manifest) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads(manifest.body)["objects"]
    return listed


def _notice(session: Session) -> EndNotice | None:
    return EndNotice.objects.filter(session=session).first()
