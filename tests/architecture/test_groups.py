"""How tests are shared out: a group stays in one process, or servers start twice and cameras compete."""

import os
import subprocess
import sys
from pathlib import Path

SUITE = """
import pytest
pytestmark = pytest.mark.xdist_group("one")
@pytest.mark.parametrize("number", range(20))
def test_somewhere(number, worker_id, tmp_path):
    (tmp_path.parents[1] / f"ran-{number}-{worker_id}").touch()
"""


def test_a_group_runs_in_one_process(tmp_path: Path) -> None:
    (tmp_path / "test_group.py").write_text(SUITE, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    options = ["-n", "2", "--dist", "loadgroup", "-p", "no:django", "-p", "no:cacheprovider"]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *options, "--basetemp", str(tmp_path / "base"), "."],
        cwd=tmp_path,
        env={
            name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "DJANGO_"))
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    places = {path.name.rpartition("-")[2] for path in (tmp_path / "base").rglob("ran-*")}
    assert len(places) == 1
