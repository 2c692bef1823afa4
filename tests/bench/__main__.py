"""`python -m tests.bench`: what one request costs, on PostgreSQL through the production server over loopback.

`DATABASE_URL` names a PostgreSQL server on which a database of its own is made; unset, one is started.
"""

import argparse
import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.services.postgres import new_database, postgres
from tests.services.processes import free_port
from tests.services.valkey import valkey


def arguments() -> argparse.Namespace:
    """How much to measure."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("figures", nargs="*", help="some figures; all unless named")
    parser.add_argument("--requests", type=int, default=200, help="measured in each round")
    parser.add_argument("--warm-up", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=3, help="the best one counts")
    parser.add_argument("--strict", action="store_true", help="fail when an aim is missed")
    return parser.parse_args()


@contextlib.contextmanager
def place() -> Iterator[tuple[str, int, Path]]:
    """An empty database, a port and a folder; the environment says so to Django and to the server."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        given = os.environ.get("DATABASE_URL") or stack.enter_context(postgres())
        database, port = stack.enter_context(new_database(given)), free_port()
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "lti_platform.settings",
            "DATABASE_URL": database,
            "BROKER_URL": stack.enter_context(valkey()),
            "VAR_DIR": str(folder),
            "PORT": str(port),
            # One session is flagged again and again.
            "PROCTORING_FLAGS_PER_SESSION": "100000",
        }
        yield database, port, folder


def main() -> int:
    """0; with --strict 1 when an aim is missed."""
    asked = arguments()
    with place() as (database, port, folder):
        # Settings are read from the environment, which is ready only now.
        import django

        django.setup()
        from django.db import connections

        from tests.bench.reporting import Plan, report

        plan = Plan(
            requests=asked.requests, warm_up=asked.warm_up, rounds=asked.rounds, only=tuple(asked.figures)
        )
        try:
            met = report(plan, database=database, port=port, folder=folder)
        finally:
            connections.close_all()
    return 0 if met or not asked.strict else 1


if __name__ == "__main__":
    sys.exit(main())
