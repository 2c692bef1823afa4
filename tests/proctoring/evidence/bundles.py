"""A bundle as somebody holds it: unzipped in a folder, and checked by the verifier that came with it."""

import io
import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from proctoring.evidence import accessing, export
from tests.factories import cora
from tests.proctoring.evidence.staging import Stage

DOCUMENTS = {"timeline.json": b'[{"at": "15:00"}]', "certificate.pdf": b"%PDF-1.7"}


def exported(stage: Stage, folder: Path, *, documents: dict[str, bytes] | None = None) -> Path:
    """The attempt's bundle, unzipped."""
    now = stage.now + timedelta(hours=2)
    access = accessing.grant(cora(), stage.session, reason="regulator", case_reference="Audit 7", now=now)
    target = io.BytesIO()
    export.write_bundle(
        stage.attempt,
        target,
        extra_documents=DOCUMENTS if documents is None else documents,
        access=access,
        now=now,
    )
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
    return folder


def verify(folder: Path, *options: str) -> tuple[int, list[tuple[str, str]]]:
    """The verifier's status and findings (code, what about), run as anybody would, away from this project."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(folder / "verify.py"), *options],
        capture_output=True,
        text=True,
        cwd=folder.parent,
        check=False,
    )
    assert done.stderr == ""
    lines = [line.partition("  ") for line in done.stdout.splitlines() if "  " in line]
    return done.returncode, [(code, about) for code, _, about in lines]


def codes(folder: Path, *options: str) -> set[str]:
    """The verifier's codes, empty if it found the bundle whole."""
    status, findings = verify(folder, *options)
    assert bool(status) == bool(findings)
    return {code for code, _ in findings}


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found


def flip_a_bit(path: Path) -> None:
    """One bit, in the middle."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
