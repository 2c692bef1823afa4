"""Finding the file of an attempt by person, exam and date; and the register of certificates."""

from datetime import date

from django.db.models import Q, QuerySet

from certificates.models import Certificate
from lti_platform.people.finding import goes_by
from lti_platform.people.models import Person
from lti_platform.people.scoping import scoped
from proctoring.models import Attempt

MOST_WORDS = 8


def attempts(viewer: Person, *, permission: str = "read_files") -> QuerySet[Attempt]:
    """Attempts whose files the viewer may read (or export), newest first, with what a list shows of them."""
    rows = Attempt.objects.select_related(
        "person", "person__organization", "exam", "certificate", "review_case"
    )
    return scoped(rows, viewer, permission, organization="person__organization_id").order_by("-created_at")


def find_attempts(
    viewer: Person, *, words: str = "", exam: str = "", since: date | None = None, until: date | None = None
) -> QuerySet[Attempt]:
    """Narrowed by words (name, employee id, e-mail, case number, serial), exam title and days of beginning."""
    rows = attempts(viewer)
    for word in words.split()[:MOST_WORDS]:
        rows = rows.filter(_about(word))
    if exam:
        rows = rows.filter(Q(exam__title__icontains=exam) | Q(exam__title_es__icontains=exam))
    if since:
        rows = rows.filter(created_at__date__gte=since)
    return rows.filter(created_at__date__lte=until) if until else rows


def _about(word: str) -> Q:
    wanted = (
        goes_by(word, person="person__") | Q(person__email__iexact=word) | Q(certificate__serial__iexact=word)
    )
    return (
        wanted | Q(case_number=int(word)) if word.isascii() and word.isdigit() and len(word) < 18 else wanted
    )


def certificates(
    viewer: Person, *, words: str = "", standing: str = "", today: date, permission: str = "read_files"
) -> QuerySet[Certificate]:
    """The register as the viewer may see it, newest first, narrowed by words and by standing on a day."""
    rows = Certificate.objects.select_related("person", "person__organization", "credential", "attempt")
    rows = scoped(rows, viewer, permission, organization="person__organization_id").order_by(
        "-issued_at", "serial"
    )
    for word in words.split()[:MOST_WORDS]:
        rows = rows.filter(
            goes_by(word, person="person__")
            | Q(serial__icontains=word)
            | Q(credential__title__icontains=word)
        )
    over = Q(status=Certificate.Status.ISSUED, expires_on__lt=today)
    if standing == "revoked":
        return rows.filter(status=Certificate.Status.REVOKED)
    if standing == "expired":
        return rows.filter(over)
    return rows.filter(status=Certificate.Status.ISSUED).exclude(over) if standing == "valid" else rows
