"""Watching what was recorded: why is said once for the case, and kept for each of its sessions."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from lti_platform.people.models import Person
from proctoring.desk import recording, words
from proctoring.evidence import accessing, playback, timeline
from proctoring.evidence.errors import AccessOver
from proctoring.evidence.models import Access, EvidenceItem
from proctoring.evidence.playback import Segment
from proctoring.models import Attempt, ReviewCase, Session

PHOTOS = (EvidenceItem.Kind.IDENTITY_PHOTO, EvidenceItem.Kind.CANDIDATE_PHOTO)
RENEW_BEFORE = timedelta(minutes=5)  # addresses are fetched anew while the old ones still play


@transaction.atomic
def open_recordings(case: ReviewCase, *, viewer: Person, reason: str, now: datetime) -> list[Access]:
    """An hour's access to every session of the case, for this reason. Raises ReasonRequired."""
    reference = f"Case {case.attempt.case_number}"
    return [
        accessing.grant(viewer, session, reason=reason, case_reference=reference, now=now)
        for session in case.attempt.sessions.select_related("attempt__person")
    ]


def accesses(viewer: Person, attempt: Attempt, *, now: datetime) -> dict[UUID, Access]:
    """The viewer's newest access to each session that has not run out, by session: one query."""
    mine = Access.objects.filter(person=viewer, session__attempt=attempt, item=None, expires_at__gt=now)
    return {access.session_id: access for access in mine.order_by("granted_at", "id")}


def photos(attempt: Attempt) -> QuerySet[EvidenceItem]:
    """What the check-in photographed: the photo ID, and the candidate."""
    accepted = EvidenceItem.objects.filter(state=EvidenceItem.State.ACCEPTED, kind__in=PHOTOS)
    return accepted.filter(session__attempt=attempt).order_by("-kind", "planned_at", "id")


def photo_address(item: EvidenceItem, *, viewer: Person, now: datetime) -> str:
    """Where the viewer sees the photo for some minutes. Raises AccessOver."""
    access = accessing.current(viewer, item.session, now=now)
    if access is None:
        raise AccessOver
    return playback.address_of(item, access, now=now)


def playlist(attempt: Attempt, *, viewer: Person, now: datetime) -> dict[str, Any]:
    """What the player plays, in milliseconds of desk time:

    {"length_ms", "renew_in_ms", "streams": [{"name", "words", "segments": [{"start_ms", "duration_ms", "url",
    "media_type"}]}]}. Raises AccessOver when the viewer has no access to any session.
    """
    held = accesses(viewer, attempt, now=now)
    if not held:
        raise AccessOver
    known = recording.read(attempt, now=now)
    streams: dict[str, list[dict[str, Any]]] = {}
    for session in Session.objects.filter(pk__in=held):
        begins_ms = known.offset_ms(timeline.origin(known.sessions.get(session.pk, [])))
        for segment in playback.playlist(session, held[session.pk], now=now):
            streams.setdefault(segment.stream, []).append(_segment(segment, begins_ms=begins_ms))
    soonest = min(access.expires_at for access in held.values())
    return {
        "length_ms": known.length_ms,
        "renew_in_ms": (min(playback.ADDRESS_LIFETIME - RENEW_BEFORE, soonest - now))
        // timedelta(milliseconds=1),
        "streams": [_stream(name, segments) for name, segments in streams.items()],
    }


def _segment(segment: Segment, *, begins_ms: int) -> dict[str, Any]:
    return {
        "start_ms": begins_ms + segment.start_offset_ms,
        "duration_ms": segment.duration_ms,
        "url": segment.url,
        "media_type": segment.media_type,
    }


def _stream(name: str, segments: list[dict[str, Any]]) -> dict[str, Any]:
    ordered = sorted(segments, key=lambda segment: int(segment["start_ms"]))
    return {"name": name, "words": str(words.stream_of(name)), "segments": ordered}
