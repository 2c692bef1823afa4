import pytest
from django.conf import LazySettings

from lti_platform.journal.checks import check_workers

SQLITE, POSTGRESQL = False, True


def found(settings: LazySettings, **changes: object) -> list[str | None]:
    for name, value in changes.items():
        setattr(settings, name, value)
    return [message.id for message in check_workers()]


@pytest.mark.parametrize(
    ("embedded", "processes", "shared", "expected"),
    [
        (True, 1, SQLITE, []),
        (True, 2, SQLITE, ["journal.E001"]),
        (True, 2, POSTGRESQL, ["journal.E001"]),
        (False, 4, POSTGRESQL, []),
        (False, 1, SQLITE, ["journal.W001"]),
    ],
)
def test_broker_database_and_processes_must_fit_together(
    settings: LazySettings, embedded: bool, processes: int, shared: bool, expected: list[str]
) -> None:
    mix = {"EMBEDDED_WORKER": embedded, "WEB_PROCESSES": processes, "DATABASE_IS_SHARED": shared}
    assert found(settings, **mix) == expected


def test_a_lease_must_last(settings: LazySettings) -> None:
    assert found(settings, EMBEDDED_WORKER=True, REACTION_LEASE_SECONDS=0) == ["journal.E002"]
