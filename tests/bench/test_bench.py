"""The bench runs from an empty database to a line for each figure; what the figures say is not judged here."""

import json
import os
import subprocess
import sys

import pytest

from tests.bench.server import ROOT

NAMES = ["rsa_sign", "launch", "token", "score", "roster50", "acs_flag", "proof"]
MEASURED = {"figure", "cpu_ms", "p50_ms", "queries", "signatures"}


@pytest.mark.services
@pytest.mark.timeout(240)
def test_the_bench_says_every_figure_as_a_line_of_json(postgres: str) -> None:
    command = [sys.executable, "-m", "tests.bench", "--requests", "3", "--warm-up", "3", "--rounds", "1"]
    run = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"DATABASE_URL": postgres}, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr[-4000:]
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    assert [line["figure"] for line in lines] == NAMES
    assert all(line.keys() >= MEASURED and line["queries"] > 0 for line in lines[1:])
    assert {line["figure"] for line in lines if "aim" in line and "met" in line} == {
        "launch",
        "token",
        "score",
    }
