"""Evidence in a folder of the test's own."""

from pathlib import Path

import pytest
from django.conf import LazySettings


@pytest.fixture(autouse=True)
def evidence_folder(tmp_path: Path, settings: LazySettings) -> Path:
    """The embedded store, empty."""
    settings.EVIDENCE_BUCKET = ""
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    return tmp_path / "evidence"
