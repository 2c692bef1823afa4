"""The answer to whoever watches: works, or which half does not."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from lti_platform.journal import clock, schedule
from lti_platform.journal.models import ScheduledRun

ROOT = Path(__file__).resolve().parents[3]
SWEEP = "lti_platform.journal:sweep_reactions"
ASK = """
import django; django.setup()
from django.test import Client
answer = Client(headers={"host": "localhost"}).get("/healthz")
print(answer.status_code, answer.content.decode())
"""


@pytest.mark.django_db
def test_all_is_well_while_the_database_answers_and_a_worker_sweeps(client: Client) -> None:
    assert schedule.run(SWEEP, now=clock.now())
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"database": True, "worker": True})
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("seconds_ago", [None, 61, 3600])
def test_a_worker_that_never_swept_or_stopped_is_told(client: Client, seconds_ago: int | None) -> None:
    if seconds_ago:
        ScheduledRun.objects.create(name=SWEEP, ran_at=clock.now() - timedelta(seconds=seconds_ago))
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
