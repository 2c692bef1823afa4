"""What tools are told we support that rooms to the right know: each says so in its `claims` module."""

from collections.abc import Iterable

_variables: dict[str, None] = {}
_claims: dict[str, None] = {}
_notices: dict[str, None] = {}


def advertise(
    *, variables: Iterable[str] = (), claims: Iterable[str] = (), notice_types: Iterable[str] = ()
) -> None:
    """Adds to what our configuration lists: variables without their `$`, claims of the id_token, notice types."""
    _variables.update(dict.fromkeys(variables))
    _claims.update(dict.fromkeys(claims))
    _notices.update(dict.fromkeys(notice_types))


def variables() -> list[str]:
    """Every variable that custom parameters may name, sorted."""
    return sorted(_variables)


def claims() -> list[str]:
    """Claims about people that an id_token may carry, in the order told."""
    return list(_claims)


def notice_types() -> list[str]:
    """Notices that tools may ask for, sorted."""
    return sorted(_notices)
