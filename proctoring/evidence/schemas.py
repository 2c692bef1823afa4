"""What tools and we say to each other about evidence."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field

from lti_platform.journal.clock import imaginable

Moment = Annotated[AwareDatetime, AfterValidator(imaginable)]
SEGMENT: dict[str, Any] = {
    "kind": "recording",
    "stream": "camera",
    "sequence": 0,
    "media_type": "video/webm",
    "bytes": 1048576,
}
COMPLETION: dict[str, Any] = {
    "bytes": 1048576,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "capture_started_at": "2026-03-02T15:00:00.000Z",
    "capture_ended_at": "2026-03-02T15:00:10.000Z",
    "sent_at": "2026-03-02T15:00:11.250Z",
}
ENDING: dict[str, Any] = {
    "ended_at": "2026-03-02T15:42:10.000Z",
    "items": [
        {"kind": "recording", "stream": "camera", "count": 253},
        {"kind": "identity_photo", "stream": "", "count": 1},
    ],
}
SESSION = "https://platform.example/api/v1/evidence/sessions/5f0c2d5e-6f0b-4a39-9d5c-0f4f3c1f7a11"
ITEM = "0b9d7a52-3a0f-4b57-8c5e-2f7a1c9d4e33"
PLANNED: dict[str, Any] = {
    "id": ITEM,
    "state": "planned",
    "url": f"{SESSION}/items/{ITEM}",
    "complete_url": f"{SESSION}/items/{ITEM}/complete",
    "upload": {
        "method": "PUT",
        "url": "https://evidence.example/7d1c…?X-Amz-Signature=…",
        "headers": {"Content-Type": "video/webm"},
        "expires_at": "2026-03-02T15:10:11Z",
    },
}
QUARANTINED: dict[str, Any] = {"id": ITEM, "state": "quarantined", "quarantine_reason": "unreadable_media"}


class ItemRequest(Schema):
    """An item that is to come."""

    model_config = ConfigDict(json_schema_extra={"example": SEGMENT})
    kind: str = Field(
        max_length=40, description="recording, identity_photo, candidate_photo, room_scan, telemetry"
    )
    stream: str = Field(
        "", max_length=40, description="Which stream: camera, screen, … Recordings must name one."
    )
    sequence: int = Field(0, description="Place of a segment in its stream, from 0.")
    media_type: str = Field(
        max_length=200, description="Parameters are ignored: the container says what is in it."
    )
    bytes: int = Field(description="Exact size; the upload address takes neither more nor fewer.")


class UploadAddress(Schema):
    """How to hand over the bytes, from a server or from a page of one of the tool's declared origins."""

    method: Literal["PUT"]
    url: str
    headers: dict[str, str] = Field(description="Send exactly these, besides Content-Length.")
    expires_at: datetime


class PlannedItem(Schema):
    """An item and, while its bytes are awaited, where they go."""

    model_config = ConfigDict(json_schema_extra={"example": PLANNED})
    id: UUID
    state: str = Field(description="planned, received, accepted or quarantined")
    url: str
    complete_url: str
    upload: UploadAddress | None = None


class CompletionRequest(Schema):
    """What was uploaded. The three times are read from one clock, the tool's; ours is compared with `sent_at`."""

    model_config = ConfigDict(json_schema_extra={"example": COMPLETION})
    bytes: int = Field(ge=1, le=2**53)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="Lower-case hex.")
    capture_started_at: Moment
    capture_ended_at: Moment
    sent_at: Moment = Field(description="The tool's clock as this is sent.")


class ItemState(Schema):
    """Where an item stands."""

    model_config = ConfigDict(json_schema_extra={"example": QUARANTINED})
    id: UUID
    state: str
    quarantine_reason: str | None = None


class NamedStream(Schema):
    """How many items of one kind and stream were made."""

    kind: str = Field(max_length=40)
    stream: str = Field("", max_length=40)
    count: int = Field(ge=0, description="Of recordings: sequences 0 … count - 1 are awaited.")


class EndRequest(Schema):
    """Nothing more is coming but what is named."""

    model_config = ConfigDict(json_schema_extra={"example": ENDING})
    ended_at: Moment = Field(description="The tool's clock.")
    items: list[NamedStream] = Field(max_length=100)


class SessionState(Schema):
    state: Literal["ended"]
