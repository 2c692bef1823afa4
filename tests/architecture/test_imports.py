"""Imports point back: the contracts in pyproject.toml, and what they cannot say."""

import subprocess
import sys
from pathlib import Path

from tests.architecture.source import ROOT, house

LINTER = Path(sys.executable).with_name("lint-imports")


def test_every_import_points_back() -> None:
    answer = subprocess.run(
        [LINTER, "--no-cache", "--no-logo"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_packages_do_not_signal_each_other() -> None:
    """A fact is recorded in the same transaction; a signal is a call that nobody sees."""
    banned = ("django.db.models.signals", "django.dispatch.Signal")
    found = [source.name for source in house() for name, _ in source.imports() if name.startswith(banned)]
    assert found == []


def test_no_client_of_the_standard_library_goes_round_the_guard() -> None:
    banned = ("urllib.request", "http.client", "socket.create_connection", "xmlrpc.client")
    found = [source.name for source in house() for name, _ in source.imports() if name.startswith(banned)]
    assert found == []
