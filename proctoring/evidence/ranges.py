"""One byte range of a request (RFC 9110, 14). Pure."""

import re

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})\Z", re.ASCII)


class RangeNotSatisfiable(ValueError):
    """The range begins beyond the end."""


def wanted(header: str, *, size: int) -> tuple[int, int] | None:
    """`(start, stop)` of the one range asked for; None to send everything: no range, several, or one malformed.

    Raises RangeNotSatisfiable (RFC 9110, 15.5.17).
    """
    match = _RANGE.match(header.strip())
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        start, stop = max(size - int(last), 0), size
    else:
        start, stop = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < int(first):
            return None
    if start >= stop:
        raise RangeNotSatisfiable
    return start, stop
