"""The register as a spreadsheet: streamed row by row, and safe to open."""

import csv
from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from certificates.facts import RegisterExported
from certificates.models import Certificate
from certificates.overview import line_of
from lti_platform.journal.recording import record
from lti_platform.people.models import Person

COLUMNS = (
    "serial", "status", "employee_id", "family_name", "given_name", "organization", "credential", "course_id",
    "issued_on", "expires_on", "revoked_at", "case_number", "score_percent", "reviewed_by_a_person",
)  # fmt: skip
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


class _Echo:
    def write(self, value: str) -> str:
        return value


def csv_lines(found: QuerySet[Certificate], *, today: date) -> Iterator[str]:
    """The lines of the file, in UTF-8 with the mark that spreadsheets look for; 500 rows in memory at a time."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + str(writer.writerow(COLUMNS))
    for certificate in found.iterator(chunk_size=500):
        yield str(writer.writerow(_row(certificate, today=today)))


def _row(certificate: Certificate, *, today: date) -> list[str]:
    line = line_of(certificate, today=today)
    facts, revoked_at = line.facts, certificate.revoked_at
    values = (
        facts.serial, line.standing, facts.employee_id, facts.family_name, facts.given_name,
        facts.organization, facts.title, facts.course_id, facts.issued_on, facts.expires_on,
        revoked_at.isoformat() if revoked_at else "", facts.case_number, facts.score_percent,
        "yes" if facts.is_reviewed else "no",
    )  # fmt: skip
    return [without_formula(value) for value in values]


def without_formula(value: object) -> str:
    """Text that a spreadsheet will not take for a formula."""
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text


@transaction.atomic
def record_export(person: Person, *, certificates: int, now: datetime) -> None:
    """Keeps that the person took the register away."""
    record(
        RegisterExported(certificates=certificates),
        now=now,
        subject=f"person:{person.pk}",
        organization_id=person.organization_id,
    )
