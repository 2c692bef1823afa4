"""What others do between two steps of ours, in the order in which a test wants it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

Execute = Callable[[str, Any, bool, dict[str, Any]], Any]


@contextmanager
def after_the_first_look_at(table: str, happens: Callable[[], object]) -> Iterator[None]:
    """`happens` once, right after the first query that reads the table."""
    waiting = [happens]

    def watch(execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        answer = execute(sql, params, many, context)
        if waiting and sql.startswith("SELECT") and f'FROM "{table}"' in sql:
            waiting.pop()()
        return answer

    with connection.execute_wrapper(watch):
        yield
    assert not waiting, f"nobody looked at {table}"
