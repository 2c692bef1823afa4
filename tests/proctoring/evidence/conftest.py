"""A stage, and a store of its own for every test."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings

from tests.proctoring.evidence.staging import Stage
from tests.services.seaweed import ObjectStore


@pytest.fixture(autouse=True)
def evidence_folder(tmp_path: Path, settings: LazySettings) -> Path:
    """The embedded store, empty."""
    settings.EVIDENCE_BUCKET = ""
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    return tmp_path / "evidence"


@pytest.fixture(scope="session")
def evidence_bucket(seaweed: ObjectStore) -> str:
    """One for all tests: the server sets room aside for each bucket, and keys never meet."""
    return seaweed.new_bucket()


@pytest.fixture
def stage(db: None, now: datetime) -> Stage:
    """Lena's exam runs for a minute and is being recorded."""
    return Stage(now)


@pytest.fixture
def judged(settle: Callable[..., int], now: datetime) -> Callable[..., int]:
    """Works off all that is due ten minutes into the exam, or `after` so many."""

    def at(*, after: float = 10) -> int:
        return settle(now=now + timedelta(minutes=after))

    return at
