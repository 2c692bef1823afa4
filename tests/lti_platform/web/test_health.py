"""The answer to whoever watches: works, or which half does not."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from lti_platform.journal import clock, schedule, sweeping
from lti_platform.journal.models import ScheduledRun

ROOT = Path(__file__).resolve().parents[3]
SWEEP = "lti_platform.journal:sweep_reactions"
CLOCKS = "proctoring:sweep_clocks"
ASK = """
import django; django.setup()
from django.test import Client
answer = Client(headers={"host": "localhost"}).get("/healthz")
print(answer.status_code, answer.content.decode())
"""


@pytest.fixture
def swept() -> None:
    """Every sweep that people wait for has just ended well."""
    for name in schedule.vital_jobs():
        assert schedule.run(name, now=clock.now())


@pytest.mark.django_db
@pytest.mark.usefixtures("swept")
def test_all_is_well_while_the_database_answers_and_a_worker_sweeps(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"database": True, "worker": True})
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.usefixtures("swept")
@pytest.mark.parametrize("sweep", [SWEEP, CLOCKS])
def test_a_worker_in_the_middle_of_a_long_sweep_is_well(client: Client, sweep: str) -> None:
    ended = clock.now() - (sweeping.SWEEP + timedelta(seconds=20))
    ScheduledRun.objects.filter(name=sweep).update(ran_at=ended)
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_a_worker_that_never_swept_is_told(client: Client) -> None:
    assert schedule.run("lti_platform.journal:seal_entries", now=clock.now())
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"database": True, "worker": False})


@pytest.mark.django_db
@pytest.mark.usefixtures("swept")
@pytest.mark.parametrize("sweep", [SWEEP, CLOCKS])
@pytest.mark.parametrize("seconds_ago", [151, 3600])
def test_a_sweep_that_stopped_is_told_whatever_the_others_do(
    client: Client, sweep: str, seconds_ago: int
) -> None:
    ScheduledRun.objects.filter(name=sweep).update(ran_at=clock.now() - timedelta(seconds=seconds_ago))
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"database": True, "worker": False})


@pytest.mark.django_db
def test_it_is_asked_and_never_told(client: Client) -> None:
    assert client.post("/healthz").status_code == 405


def test_a_database_out_of_reach_is_told_without_its_address() -> None:
    variables = {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": "postgresql://nobody:hush@127.0.0.1:1/none",
        "ALLOWED_HOSTS": "localhost",
    }
    done = subprocess.run(
        [sys.executable, "-c", ASK], env=os.environ | variables, cwd=ROOT, capture_output=True, text=True
    )
    status, _, body = done.stdout.partition(" ")
    assert (status, json.loads(body)) == ("503", {"database": False, "worker": False})
