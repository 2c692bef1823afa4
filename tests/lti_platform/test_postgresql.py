"""A kept connection is asked whether it lives only on doubt, and a dead one is noticed all the same."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db.utils import ConnectionHandler

from lti_platform.postgresql.base import DatabaseWrapper
from lti_platform.settings import database
from tests.bench.wire import Counter, counting
from tests.services.postgres import new_database

pytestmark = [pytest.mark.services, pytest.mark.django_db]


@pytest.fixture
def door(postgres: str) -> Iterator[tuple[str, Counter]]:
    """The address of a database, and what is asked there."""
    with new_database(postgres) as url, counting(url) as counted:
        yield counted


@pytest.fixture
def kept(door: tuple[str, Counter]) -> Iterator[DatabaseWrapper]:
    """A connection that has been used before."""
    address, _ = door
    connection = ConnectionHandler({"default": database(address)})["default"]
    assert isinstance(connection, DatabaseWrapper)
    connection.ensure_connection()
    assert connection.is_usable()
    yield connection
    connection.close()


def next_request(connection: DatabaseWrapper) -> None:
    """What Django does between requests, and the first query of the next one."""
    connection.close_if_unusable_or_obsolete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'work'")


def test_a_request_soon_after_another_asks_nothing_but_its_own(
    kept: DatabaseWrapper, door: tuple[str, Counter]
) -> None:
    _, counter = door
    before = len(counter.statements)
    next_request(kept)
    assert counter.statements[before:] == ["SELECT 'work'"]


def test_a_connection_that_was_long_silent_is_asked(kept: DatabaseWrapper, door: tuple[str, Counter]) -> None:
    _, counter = door
    kept._answered_at -= 6
    before = len(counter.statements)
    next_request(kept)
    assert counter.statements[before:] == ["SELECT 1", "SELECT 'work'"]


def test_a_connection_the_server_has_ended_is_replaced_before_the_request_notices(
    kept: DatabaseWrapper, postgres: str
) -> None:
    ended = kept.connection.info.backend_pid
    with psycopg.connect(postgres, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [ended])
    next_request(kept)
    assert kept.connection.info.backend_pid != ended


def test_after_an_error_the_connection_is_asked(kept: DatabaseWrapper, door: tuple[str, Counter]) -> None:
    _, counter = door
    kept.errors_occurred = True
    before = len(counter.statements)
    next_request(kept)
    assert counter.statements[before:] == ["SELECT 1", "SELECT 'work'"]
