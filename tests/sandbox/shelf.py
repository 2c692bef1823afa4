"""What a program of the sandbox remembers: JSON values by kind and key, in one SQLite file."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

SCHEMA = """
    CREATE TABLE IF NOT EXISTS value (
        kind TEXT NOT NULL, key TEXT NOT NULL, json TEXT NOT NULL, put_at REAL NOT NULL, until REAL,
        PRIMARY KEY (kind, key)
    )
"""


class Shelf:
    """Values outlive the process; those put with `seconds` are gone after that."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        with self._writing() as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(SCHEMA)

    def put(self, kind: str, key: str, value: Any, *, seconds: float | None = None) -> None:
        """Keeps the value in place of any before."""
        with self._writing() as connection:
            _write(connection, kind, key, value, seconds=seconds)

    def get(self, kind: str, key: str) -> Any:
        """The value, or None."""
        with closing(self._connection()) as connection:
            return _read(connection, kind, key)

    def take(self, kind: str, key: str) -> Any:
        """The value, or None; nobody gets it a second time."""
        with self._writing() as connection:
            connection.execute("BEGIN IMMEDIATE")
            value = _read(connection, kind, key)
            connection.execute("DELETE FROM value WHERE kind = ? AND key = ?", (kind, key))
            return value

    def all(self, kind: str) -> list[tuple[str, Any]]:
        """Every key and value of the kind, oldest first."""
        with closing(self._connection()) as connection:
            rows = connection.execute(
                "SELECT key, json FROM value WHERE kind = ? AND (until IS NULL OR until >= ?) ORDER BY put_at, key",
                (kind, time.time()),
            )
            return [(key, json.loads(text)) for key, text in rows]

    @contextmanager
    def changing(self, kind: str, key: str) -> Iterator[dict[str, Any]]:
        """The object, empty if new, to be changed in place; nobody else writes meanwhile. An error undoes it."""
        with self._writing() as connection:
            connection.execute("BEGIN IMMEDIATE")
            value = _read(connection, kind, key) or {}
            yield value
            _write(connection, kind, key, value, seconds=None)

    def _connection(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path, timeout=20, isolation_level=None)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with closing(self._connection()) as connection:
            try:
                yield connection
            except BaseException:
                if connection.in_transaction:
                    connection.rollback()
                raise
            if connection.in_transaction:
                connection.commit()


def _read(connection: sqlite3.Connection, kind: str, key: str) -> Any:
    row = connection.execute(
        "SELECT json FROM value WHERE kind = ? AND key = ? AND (until IS NULL OR until >= ?)",
        (kind, key, time.time()),
    ).fetchone()
    return row and json.loads(row[0])


def _write(connection: sqlite3.Connection, kind: str, key: str, value: Any, *, seconds: float | None) -> None:
    now = time.time()
    connection.execute("DELETE FROM value WHERE until < ?", (now,))
    connection.execute(
        "INSERT INTO value (kind, key, json, put_at, until) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (kind, key) DO UPDATE SET json = excluded.json, until = excluded.until",
        (kind, key, json.dumps(value), now, seconds and now + seconds),
    )
