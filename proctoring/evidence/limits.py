"""What a tool may hand over: kinds, media types, sizes, names of streams."""

import re

from django.conf import settings

from proctoring.evidence.errors import (
    BytesOutOfRange,
    KindUnknown,
    MediaTypeRefused,
    SequenceTooHigh,
    StreamMalformed,
)

MAX_ITEMS = 2000
MAX_IMAGE_BYTES = 20 * 1024 * 1024
MAX_TELEMETRY_BYTES = 5 * 1024 * 1024
VIDEO_TYPES = ("video/webm", "video/mp4")
AUDIO_TYPES = ("audio/webm", "audio/mp4")
IMAGE_TYPES = ("image/jpeg", "image/png")
TELEMETRY_TYPES = ("application/json", "application/x-ndjson")
MEDIA_TYPES: dict[str, tuple[str, ...]] = {
    "recording": VIDEO_TYPES + AUDIO_TYPES,
    "identity_photo": IMAGE_TYPES,
    "candidate_photo": IMAGE_TYPES,
    "room_scan": VIDEO_TYPES + IMAGE_TYPES,
    "telemetry": TELEMETRY_TYPES,
}
_STREAM = re.compile(r"[a-z0-9_-]{1,20}\Z")


def essence(media_type: str) -> str:
    """The type without parameters: MediaRecorder says `video/webm;codecs=vp8`, and the container tells us those."""
    return media_type.partition(";")[0].strip().lower()


def max_bytes(media_type: str) -> int:
    """The most one item of this type may weigh."""
    if media_type in IMAGE_TYPES:
        return min(MAX_IMAGE_BYTES, settings.EVIDENCE_ITEM_MAX_BYTES)
    if media_type in TELEMETRY_TYPES:
        return min(MAX_TELEMETRY_BYTES, settings.EVIDENCE_ITEM_MAX_BYTES)
    return int(settings.EVIDENCE_ITEM_MAX_BYTES)


def judge_plan(*, kind: str, stream: str, sequence: int, media_type: str, bytes: int) -> None:
    """Nothing, if such an item may come.

    Raises KindUnknown, MediaTypeRefused, StreamMalformed, SequenceTooHigh, BytesOutOfRange.
    """
    if kind not in MEDIA_TYPES:
        raise KindUnknown(f"Known: {', '.join(MEDIA_TYPES)}.")
    if media_type not in MEDIA_TYPES[kind]:
        raise MediaTypeRefused(f"Taken: {', '.join(MEDIA_TYPES[kind])}.")
    judge_stream(kind=kind, stream=stream)
    if not 0 <= sequence < MAX_ITEMS:
        raise SequenceTooHigh(f"From 0 to {MAX_ITEMS - 1}.")
    if not 0 < bytes <= max_bytes(media_type):
        raise BytesOutOfRange(f"From 1 to {max_bytes(media_type)} bytes.")


def judge_stream(*, kind: str, stream: str) -> None:
    """Nothing, if a stream may be called so. Raises StreamMalformed."""
    is_named = bool(_STREAM.match(stream))
    if not is_named and (stream or kind == "recording"):
        raise StreamMalformed
