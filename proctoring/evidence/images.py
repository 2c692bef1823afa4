"""Still images: judged by their first bytes, measured before they are decoded, then decoded once."""

from pathlib import Path
from typing import Any

import av

MAX_PIXELS = 50_000_000
PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
JPEG_MAGIC = b"\xff\xd8\xff"
HEADER_BYTES = 256 * 1024
# Frame headers of JPEG (ITU T.81, table B.1): SOF0 … SOF15 without DHT, JPG and DAC.
_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


class NotAnImage(ValueError):
    """Not a picture of the declared type, or one too large to look at."""


def probe(path: Path, *, media_type: str) -> dict[str, Any]:
    """Codec, width and height. Raises NotAnImage."""
    with path.open("rb") as file:
        head = file.read(HEADER_BYTES)
    width, height = png_size(head) if media_type == "image/png" else jpeg_size(head)
    if not 0 < width * height <= MAX_PIXELS:
        raise NotAnImage("too large to decode")
    demuxer = "png_pipe" if media_type == "image/png" else "jpeg_pipe"
    try:
        with av.open(str(path), format=demuxer, options={"protocol_whitelist": "file"}) as source:
            frame = next(source.decode(video=0), None)
    except (av.FFmpegError, ValueError) as error:
        raise NotAnImage("does not decode") from error
    if frame is None:
        raise NotAnImage("shows nothing")
    return {"container": demuxer, "width": frame.width, "height": frame.height}


def png_size(head: bytes) -> tuple[int, int]:
    """Width and height from the IHDR chunk. Raises NotAnImage."""
    if not head.startswith(PNG_MAGIC) or head[12:16] != b"IHDR" or len(head) < 24:
        raise NotAnImage("not a PNG")
    return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")


def jpeg_size(head: bytes) -> tuple[int, int]:
    """Width and height from the frame header. Raises NotAnImage."""
    if not head.startswith(JPEG_MAGIC):
        raise NotAnImage("not a JPEG")
    place = 2
    while place + 9 <= len(head) and head[place] == 0xFF:
        marker, length = head[place + 1], int.from_bytes(head[place + 2 : place + 4], "big")
        if marker in _FRAME_MARKERS:
            height, width = head[place + 5 : place + 7], head[place + 7 : place + 9]
            return int.from_bytes(width, "big"), int.from_bytes(height, "big")
        place += 2 + max(length, 2)
    raise NotAnImage("has no frame")
