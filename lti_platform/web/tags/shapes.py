"""The seven shapes: each kind of state is a shape before it is a colour."""

from django.template import TemplateSyntaxError

SHAPES = {
    "proven": "M6 .5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11",
    "waiting": "M6 .5 11.8 11.5H.2z",
    "act": "M.5.5h11v11H.5z",
    "unknown": "M6 .5 11.8 11.5H.2zM6 3.6 2.9 9.7h6.2z",
    "live": "M1.5.5 11.5 6l-10 5.5z",
    "open": "M6 .5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M6 2.2a3.8 3.8 0 1 1 0 7.6 3.8 3.8 0 0 1 0-7.6",
    "ended": "M.5.5h11v11H.5zM2.3 2.3v7.4h7.4V2.3z",
}


class UnknownKind(TemplateSyntaxError):
    """A state was given a kind that has no shape."""


def shape(kind: str) -> str:
    """The SVG path of a kind, drawn on 12 by 12; UnknownKind for any other word."""
    try:
        return SHAPES[kind]
    except (KeyError, TypeError):
        raise UnknownKind(f"{kind!r} is not one of {', '.join(SHAPES)}") from None
