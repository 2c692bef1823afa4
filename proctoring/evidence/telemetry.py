"""Event logs: JSON, or one JSON value a line; read in bounded pieces and kept as they came."""

import json
from pathlib import Path
from typing import Any

MAX_LINE_BYTES = 64 * 1024


class NotAnEventLog(ValueError):
    """Not JSON, or a line no event needs."""


def probe(path: Path, *, media_type: str) -> dict[str, Any]:
    """The number of events: lines, or members of the one value. Raises NotAnEventLog."""
    try:
        events = _lines(path) if media_type == "application/x-ndjson" else _members(path)
    except (ValueError, RecursionError) as error:
        raise NotAnEventLog(str(error)) from error
    return {"container": media_type, "events": events}


def _lines(path: Path) -> int:
    events = 0
    with path.open("rb") as file:
        while line := file.readline(MAX_LINE_BYTES + 1):
            if len(line) > MAX_LINE_BYTES:
                raise NotAnEventLog("a line is too long")
            if line.strip():
                json.loads(line)
                events += 1
    return events


def _members(path: Path) -> int:
    value = json.loads(path.read_bytes())
    return len(value) if isinstance(value, list | dict) else 1
