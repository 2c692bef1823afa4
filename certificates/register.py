"""The register as a spreadsheet: streamed row by row, and safe to open."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import chain

from django.db import transaction
from django.db.models import QuerySet

from certificates.facts import RegisterExported
from certificates.models import Certificate
from certificates.overview import line_of
from gradebook import spreadsheets
from lti_platform.journal.recording import record
from lti_platform.people.models import Person

COLUMNS = (
    "serial", "status", "employee_id", "family_name", "given_name", "organization", "credential", "course_id",
    "issued_on", "expires_on", "revoked_at", "case_number", "score_percent", "reviewed_by_a_person",
)  # fmt: skip


def csv_lines(found: QuerySet[Certificate], *, today: date) -> Iterator[str]:
    """The lines of the file, 500 rows in memory at a time."""
    rows = (_row(certificate, today=today) for certificate in found.iterator(chunk_size=500))
    return spreadsheets.csv_lines(chain([COLUMNS], rows))


def _row(certificate: Certificate, *, today: date) -> tuple[object, ...]:
    line = line_of(certificate, today=today)
    facts, revoked_at = line.facts, certificate.revoked_at
    return (
        facts.serial, line.standing, facts.employee_id, facts.family_name, facts.given_name,
        facts.organization, facts.title, facts.course_id, facts.issued_on, facts.expires_on,
        revoked_at.isoformat() if revoked_at else "", facts.case_number, facts.score_percent,
        "yes" if facts.is_reviewed else "no",
    )  # fmt: skip


@transaction.atomic
def record_export(person: Person, *, certificates: int, now: datetime) -> None:
    """Keeps that the person took the register away."""
    record(
        RegisterExported(certificates=certificates),
        now=now,
        subject=f"person:{person.pk}",
        organization_id=person.organization_id,
    )
