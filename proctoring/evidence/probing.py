"""Is the file what it says? Media are opened by the one demuxer their type allows, and a first frame is decoded.

The demuxer is never guessed: a playlist or an image sequence would make it open other files and addresses.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer

from proctoring.evidence import images, telemetry
from proctoring.evidence.limits import AUDIO_TYPES, IMAGE_TYPES, TELEMETRY_TYPES

MAX_STREAMS = 4
MAX_PIXELS = 7680 * 4320
MAX_DURATION_MS = 24 * 3600 * 1000
VIDEO_CODECS = frozenset({"vp8", "vp9", "av1", "h264"})
AUDIO_CODECS = frozenset({"opus", "vorbis", "aac"})
ONLY_FILES = {"protocol_whitelist": "file"}
WEBM = "matroska"


class NotAsDeclared(Exception):
    """The file is not what was declared; `reason` is a stable code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Probe:
    """What was found: JSON-ready details; how to play it, where it plays."""

    details: dict[str, Any]
    duration_ms: int | None = None
    playback: Path | None = None
    playback_media_type: str = ""


@dataclass
class _Copy:
    packets: int = 0
    starts: list[float] = field(default_factory=list)
    end: float = 0.0
    longest_gap: float = 0.0
    _last: float | None = None

    def saw(self, packet: Any) -> None:
        if packet.pts is None or packet.time_base is None:
            return
        at = float(packet.pts * packet.time_base)
        until = at + float((packet.duration or 0) * packet.time_base)
        self.packets += 1
        self.starts = [min([*self.starts, at])]
        self.end = max(self.end, until)
        if self._last is not None:
            self.longest_gap = max(self.longest_gap, at - self._last)
        self._last = max(at, self._last or at)


def probe(path: Path, *, media_type: str, copy_to: Path) -> Probe:
    """What the file is. A recording's playback copy is written to `copy_to`. Raises NotAsDeclared."""
    try:
        if media_type in IMAGE_TYPES:
            return Probe(details=images.probe(path, media_type=media_type))
        if media_type in TELEMETRY_TYPES:
            return Probe(details=telemetry.probe(path, media_type=media_type))
        return _probe_recording(path, media_type=media_type, copy_to=copy_to)
    except images.NotAnImage as error:
        raise NotAsDeclared("not_an_image") from error
    except telemetry.NotAnEventLog as error:
        raise NotAsDeclared("not_an_event_log") from error
    except (av.FFmpegError, ValueError, OverflowError, ArithmeticError) as error:
        raise NotAsDeclared("unreadable_media") from error


def _probe_recording(path: Path, *, media_type: str, copy_to: Path) -> Probe:
    with _opened(path, media_type=media_type) as source:
        details = _tracks(source)
        _decode_first(source, wants_video=media_type not in AUDIO_TYPES)
    container, playback_type = _playback_form(details, media_type=media_type)
    copied = _remux(path, media_type=media_type, copy_to=copy_to, container=container)
    duration_ms = round((copied.end - (copied.starts or [0.0])[0]) * 1000)
    if not 0 < duration_ms <= MAX_DURATION_MS:
        raise NotAsDeclared("duration_absurd")
    details |= {"packets": copied.packets, "longest_gap_ms": round(copied.longest_gap * 1000)}
    return Probe(
        details=details, duration_ms=duration_ms, playback=copy_to, playback_media_type=playback_type
    )


def _opened(path: Path, *, media_type: str) -> InputContainer:
    demuxer = WEBM if media_type.endswith("/webm") else "mp4"
    return av.open(str(path), format=demuxer, options=ONLY_FILES)


def _tracks(source: InputContainer) -> dict[str, Any]:
    streams = list(source.streams)
    if not streams or len(streams) > MAX_STREAMS:
        raise NotAsDeclared("tracks_refused")
    found: dict[str, Any] = {"container": source.format.name, "codecs": []}
    for stream in streams:
        codec = stream.codec_context.name if stream.codec_context else ""
        if codec not in {"video": VIDEO_CODECS, "audio": AUDIO_CODECS}.get(stream.type, frozenset()):
            raise NotAsDeclared("codec_refused")
        found["codecs"].append(codec)
    for video in source.streams.video:
        found |= {"width": video.codec_context.width, "height": video.codec_context.height}
    if found.get("width", 1) * found.get("height", 1) > MAX_PIXELS:
        raise NotAsDeclared("picture_too_large")
    return found


def _decode_first(source: InputContainer, *, wants_video: bool) -> None:
    streams = source.streams.video if wants_video else source.streams.audio
    if not streams:
        raise NotAsDeclared("no_video" if wants_video else "no_audio")
    if next(source.decode(streams[0]), None) is None:
        raise NotAsDeclared("nothing_to_see")


def _playback_form(details: dict[str, Any], *, media_type: str) -> tuple[str, str]:
    # Browsers write H.264 into WebM, and play it from MP4 alone.
    if media_type.endswith("/mp4") or "h264" in details["codecs"] or "aac" in details["codecs"]:
        return "mp4", media_type.replace("/webm", "/mp4")
    return "webm", media_type


def _remux(path: Path, *, media_type: str, copy_to: Path, container: str) -> _Copy:
    """Copy the packets, undecoded, into a file with a duration and an index, so that it seeks."""
    options = {"movflags": "+faststart"} if container == "mp4" else {"cues_to_front": "1"}
    copied = _Copy()
    with (
        _opened(path, media_type=media_type) as source,
        av.open(str(copy_to), "w", format=container, options=options) as target,
    ):
        streams = {stream.index: target.add_stream_from_template(stream) for stream in source.streams}
        for packet in source.demux():
            if packet.dts is None:
                continue
            copied.saw(packet)
            packet.stream = streams[packet.stream.index]
            target.mux(packet)
    return copied
