"""The counting door sees every statement once, and none of the frames of transactions."""

import psycopg
import pytest

from tests.bench.wire import Counter, Reader, counting
from tests.services.postgres import new_database


def message(kind: bytes, body: bytes) -> bytes:
    return kind + (len(body) + 4).to_bytes(4, "big") + body


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_statements_are_seen_whatever_pieces_they_travel_in(size: int) -> None:
    counter = Counter()
    reader = Reader(counter)
    startup = message(b"", (196608).to_bytes(4, "big") + b"user\0lena\0\0")
    asked = message(b"Q", b"BEGIN\0") + message(b"Q", b"SELECT 1\0") + message(b"S", b"")
    sent = startup + asked + message(b"P", b"name\0SELECT 2\0\0\0")
    for start in range(0, len(sent), size):
        reader.feed(sent[start : start + size])
    assert counter.statements == ["SELECT 1", "SELECT 2"]


@pytest.mark.services
def test_what_a_client_asks_through_the_door_is_counted(postgres: str) -> None:
    with new_database(postgres) as url, counting(url) as (door, counter):
        with psycopg.connect(door) as connection, connection.transaction():
            assert connection.execute("SELECT %s::int", [7]).fetchone() == (7,)
        assert counter.statements == ["SELECT $1::int"]
