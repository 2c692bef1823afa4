"""A worker process is killed between claim and effect; another takes over and the effect is there once."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests.services.postgres import new_database

SETTINGS = "tests.lti_platform.journal.probe.settings"
ROOT = Path(__file__).resolve().parents[3]
RECORD = """
import django; django.setup()
from django.db import transaction
from lti_platform.journal.clock import now
from lti_platform.journal.recording import record
from tests.lti_platform.journal.probe.facts import Probed
with transaction.atomic():
    record(Probed(name="effect", seconds=3), now=now())
"""


def environment(database: str, broker: str) -> dict[str, str]:
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "DATABASE_URL": database,
        "BROKER_URL": broker,
        "REACTION_LEASE_SECONDS": "4",
    }


def worker(env: dict[str, str], folder: Path) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "lti_platform",
        "worker",
        "-B",
        "-P",
        "solo",
        "-l",
        "WARNING",
    ]
    more = ["-s", str(folder / "schedule"), "--without-mingle", "--without-gossip"]
    return subprocess.Popen([*command, *more], env=env, cwd=ROOT, start_new_session=True)


def value(database: str, question: str) -> object:
    with psycopg.connect(database) as connection:
        row = connection.execute(question.encode()).fetchone()
        return row[0] if row else None


def wait_for(database: str, question: str, *, wanted: object, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while value(database, question) != wanted:
        assert time.monotonic() < deadline, f"{question} never gave {wanted}"
        time.sleep(0.1)


@pytest.mark.services
def test_a_worker_killed_between_claim_and_effect_loses_and_doubles_nothing(
    postgres: str, valkey: str, tmp_path: Path
) -> None:
    with new_database(postgres) as database:
        env = environment(database, valkey)
        run = {"env": env, "cwd": ROOT, "check": True}
        subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], **run)  # type: ignore[call-overload]
        first = worker(env, tmp_path)
        try:
            subprocess.run([sys.executable, "-c", RECORD], **run)  # type: ignore[call-overload]
            attempts = "SELECT attempts FROM journal_reaction"
            wait_for(database, attempts, wanted=1, seconds=30)
            time.sleep(0.5)  # the reaction is at work and has not committed
        finally:
            os.killpg(first.pid, signal.SIGKILL)
            first.wait()
        assert value(database, "SELECT count(*) FROM people_organization") == 0
        second = worker(env, tmp_path)
        try:
            wait_for(database, "SELECT state FROM journal_reaction", wanted="done", seconds=40)
        finally:
            os.killpg(second.pid, signal.SIGKILL)
            second.wait()
        assert value(database, "SELECT string_agg(name, ',') FROM people_organization") == "effect|"
        assert value(database, attempts) == 2
