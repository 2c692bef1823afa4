"""No process serves or works under settings that are unsafe together."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVE = [sys.executable, "-c", "import lti_platform.wsgi"]
CELERY = [sys.executable, "-m", "celery", "-A", "lti_platform"]
WORK = [*CELERY, "worker", "-P", "solo", "--without-mingle", "--without-gossip"]
SCHEDULE = [*CELERY, "beat", "--scheduler", "celery.beat:Scheduler", "--pidfile="]
HOLD = "from lti_platform.embedded import stay_alone, Path; stay_alone(Path({!r})); print('held', flush=True); input()"
CLAIM = "from lti_platform.embedded import stay_alone, Path; stay_alone(Path({!r}), wait_seconds=0.2)"


def started(command: list[str], folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    here = {"DJANGO_SETTINGS_MODULE": "lti_platform.settings", "VAR_DIR": str(folder)}
    return subprocess.run(
        command, env=kept | here | variables, cwd=ROOT, capture_output=True, text=True, timeout=120
    )


@pytest.mark.parametrize("command", [SERVE, WORK, SCHEDULE], ids=["server", "worker", "scheduler"])
def test_a_public_platform_without_tls_does_not_start(command: list[str], tmp_path: Path) -> None:
    broker = "redis://127.0.0.1:1/0"
    done = started(command, tmp_path, PLATFORM_URL="http://exams.example.test", BROKER_URL=broker)
    assert done.returncode != 0
    assert "web.E002" in done.stderr


def test_a_server_asked_for_two_processes_around_a_broker_in_memory_does_not_start(tmp_path: Path) -> None:
    done = started(SERVE, tmp_path, WEB_CONCURRENCY="2")
    assert done.returncode != 0
    assert "journal.E001" in done.stderr


def test_a_server_with_safe_settings_starts_and_says_what_to_mind(tmp_path: Path) -> None:
    done = started(SERVE, tmp_path, PLATFORM_URL="https://exams.example.test")
    assert done.returncode == 0, done.stderr
    assert "web.W001" in done.stderr


def test_the_second_process_around_one_folder_is_refused_until_the_first_ends(tmp_path: Path) -> None:
    lock = str(tmp_path / "lock")
    claim = [sys.executable, "-c", CLAIM.format(lock)]
    hold = [sys.executable, "-c", HOLD.format(lock)]
    with subprocess.Popen(hold, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == b"held\n"
        assert "AnotherProcess" in started(claim, tmp_path).stderr
        first.communicate(b"\n")
    assert started(claim, tmp_path).returncode == 0
