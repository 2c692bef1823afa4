"""The copy of an attempt's file that Cora hands over."""

import io
import json
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from lti_platform.journal import sealing
from lti_platform.journal.models import Entry
from proctoring.evidence.models import Access, EvidenceItem
from proctoring.models import Attempt, Session
from tests.certificates.passing import make_attempt, reviewed
from tests.factories import cora

pytestmark = pytest.mark.django_db


def recorded(session: Session, *, now: datetime) -> EvidenceItem:
    """One segment of the session's recording, accepted."""
    return EvidenceItem.objects.create(
        session=session, kind="recording", stream="camera", sequence=1, media_type="video/webm", declared_bytes=3,
        object_key="a" * 32, state="accepted", planned_at=now,
    )  # fmt: skip


class TestExport:
    def export(self, client: Client, attempt: Attempt, **fields: str) -> zipfile.ZipFile:
        body = {"reason": "regulator", "case_reference": "CASE-7", **fields}
        response = client.post(f"/files/{attempt.pk}/export/", body)
        assert response.status_code == 200
        return zipfile.ZipFile(io.BytesIO(response.getvalue()))

    def test_the_copy_verifies_itself(self, client: Client, now: datetime, tmp_path: Path) -> None:
        certificate = reviewed(now)
        sealing.seal_pending(now=now)
        client.force_login(cora())
        self.export(client, certificate.attempt).extractall(tmp_path)
        verify = [sys.executable, str(tmp_path / "verify.py"), str(tmp_path)]
        told = subprocess.run(verify, check=False, capture_output=True, text=True)
        assert told.returncode == 0, told.stdout + told.stderr
        (tmp_path / "documents" / "verdicts.json").write_text("[]")
        assert subprocess.run(verify, check=False, capture_output=True).returncode != 0

    def test_it_holds_the_whole_story(self, client: Client, now: datetime) -> None:
        certificate = reviewed(now)
        sealing.seal_pending(now=now)
        client.force_login(cora())
        archive = self.export(client, certificate.attempt)

        def part(name: str) -> object:
            return json.loads(archive.read(f"documents/{name}.json"))

        attempt = part("attempt")
        assert isinstance(attempt, dict)
        assert attempt["certificate"]["serial"] == certificate.serial
        assert "Nothing found." in str(part("verdicts"))
        assert "Second person in view" in str(part("incidents"))
        assert "CASE-7" in str(part("accesses"))
        assert "certificates.issued" in str(part("timeline"))
        assert archive.read("documents/certificate.pdf").startswith(b"%PDF")

    def test_the_reason_is_recorded_even_where_there_is_no_session(
        self, client: Client, now: datetime
    ) -> None:
        attempt, viewer = make_attempt(now, state="voided", passed=None, percent=None), cora()
        client.force_login(viewer)
        self.export(client, attempt, reason="legal")
        entry = Entry.objects.select_related("details").get(fact_type="certificates.file_requested")
        assert (entry.payload["reason"], entry.details.note, entry.actor_id) == (
            "legal",
            "CASE-7",
            str(viewer.pk),
        )
        assert Entry.objects.filter(fact_type="evidence.exported").exists()

    def test_every_session_keeps_who_took_its_copy(self, client: Client, now: datetime) -> None:
        certificate, viewer = reviewed(now), cora()
        client.force_login(viewer)
        self.export(client, certificate.attempt)
        access = Access.objects.get()
        assert (access.person, access.reason, access.case_reference) == (viewer, "regulator", "CASE-7")

    def test_a_store_that_is_away_is_said_on_the_page_and_no_copy_leaves(
        self, client: Client, now: datetime, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        certificate = reviewed(now)
        recorded(certificate.attempt.sessions.get(), now=now)
        settings.EVIDENCE_BUCKET, settings.EVIDENCE_ENDPOINT = "away", "http://127.0.0.1:1"
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "x")
        client.force_login(cora())
        body = {"reason": "regulator", "case_reference": "CASE-7"}
        page = client.post(f"/files/{certificate.attempt_id}/export/", body, follow=True).content.decode()
        assert "Not exported: The evidence store does not answer." in page
        assert Access.objects.count() == 1  # asked for, and why: that stays
        assert not Entry.objects.filter(fact_type="evidence.exported").exists()

    @pytest.mark.parametrize(
        "fields", [{}, {"reason": "curiosity", "case_reference": "x"}, {"reason": "legal", "case_reference": " "},
                   {"reason": "first_review", "case_reference": "x"}],
    )  # fmt: skip
    def test_nothing_leaves_without_a_reason(
        self, client: Client, now: datetime, fields: dict[str, str]
    ) -> None:
        certificate = reviewed(now)
        client.force_login(cora())
        assert client.post(f"/files/{certificate.attempt_id}/export/", fields).status_code == 302
        assert not Access.objects.exists()
        assert not Entry.objects.filter(fact_type="evidence.exported").exists()
