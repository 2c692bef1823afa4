"""A released pass earns a certificate: once, and numbered without gaps."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from certificates import defining, issuing
from certificates.models import Certificate, SerialCounter
from lti_platform.journal.models import Entry, Reaction
from proctoring import releasing
from proctoring.models import ReviewCase
from tests.certificates.passing import announce, make_attempt, make_credential
from tests.factories import lena, make_exam, make_person
from tests.proctoring.exam_day import ExamDay, exam_day
from tests.together import together

pytestmark = pytest.mark.django_db


def test_a_released_pass_earns_a_certificate(now: datetime, settle: Callable[..., int]) -> None:
    attempt = make_attempt(now)
    credential = make_credential(attempt.exam, code="CSE")
    announce(attempt, now=now)
    settle()
    certificate = Certificate.objects.get()
    assert (certificate.attempt, certificate.person, certificate.credential) == (
        attempt,
        attempt.person,
        credential,
    )
    assert certificate.serial == "CSE-2026-000001"
    assert certificate.expires_on is not None
    assert certificate.expires_on.isoformat() == "2029-03-02"


def test_what_it_says_is_frozen_when_it_is_issued(now: datetime) -> None:
    attempt = make_attempt(now, person=lena(employee_id="E-77"))
    credential = make_credential(attempt.exam)
    certificate = issuing.consider(attempt.pk, now=now)
    credential.title = "Something else"
    credential.save()
    attempt.person.family_name = "Married"
    attempt.person.save()
    assert certificate is not None
    certificate.refresh_from_db()
    assert certificate.facts["title"] == "Confined space entry"
    assert certificate.facts["family_name"] == "Ruiz"
    assert certificate.facts["employee_id"] == "E-77"
    assert certificate.facts["score_percent"] in ("84", "84.00")


def test_it_tells_the_exam_as_it_was_taken(now: datetime) -> None:
    attempt = make_attempt(now, exam=make_exam(questions=25))
    make_credential(attempt.exam)
    attempt.exam.questions = 60
    attempt.exam.save()
    certificate = issuing.consider(attempt.pk, now=now)
    assert certificate is not None
    assert certificate.facts["questions"] == 25


@pytest.mark.parametrize(
    ("state", "passed"),
    [
        ("released", False),
        ("released", None),
        ("invalidated", True),
        ("voided", True),
        ("submitted", True),
        ("terminated", True),
        ("running", None),
    ],
)
def test_nothing_else_earns_one(now: datetime, state: str, passed: bool | None) -> None:
    attempt = make_attempt(now, state=state, passed=passed)
    make_credential(attempt.exam)
    assert issuing.consider(attempt.pk, now=now) is None
    assert not Certificate.objects.exists()


def test_an_exam_without_a_credential_earns_nothing(now: datetime) -> None:
    assert issuing.consider(make_attempt(now).pk, now=now) is None


def test_an_attempt_rejected_before_the_news_arrived_earns_nothing(
    now: datetime, settle: Callable[..., int]
) -> None:
    attempt = make_attempt(now)
    make_credential(attempt.exam)
    announce(attempt, now=now)
    attempt.state = "invalidated"
    attempt.save()
    announce(attempt, now=now)
    settle()
    assert not Certificate.objects.exists()
    assert not Reaction.objects.exclude(state="done").exists()


def test_asking_again_gives_the_same_certificate(now: datetime, settle: Callable[..., int]) -> None:
    attempt = make_attempt(now)
    make_credential(attempt.exam)
    announce(attempt, now=now)
    settle()
    Reaction.objects.update(state="due", attempts=0, due_at=now)
    settle()
    first = Certificate.objects.get()
    assert issuing.consider(attempt.pk, now=now + timedelta(days=1)) == first
    assert Entry.objects.filter(fact_type="certificates.issued").count() == 1
    assert SerialCounter.objects.get().last == 1


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_moment_issue_one(now: datetime) -> None:
    attempt = make_attempt(now)
    make_credential(attempt.exam)
    issued = together(*[lambda: issuing.consider(attempt.pk, now=now)] * 4)
    assert len({one.pk for one in issued if one}) == 1
    assert Certificate.objects.count() == 1
    assert Entry.objects.filter(fact_type="certificates.issued").count() == 1


@pytest.mark.django_db(transaction=True)
def test_serials_given_out_at_the_same_moment_have_no_gaps(now: datetime) -> None:
    exam = make_exam()
    make_credential(exam, code="CSE")
    attempts = [make_attempt(now, exam=exam, person=make_person()) for _ in range(5)]
    together(*[lambda pk=one.pk: issuing.consider(pk, now=now) for one in attempts])
    serials = sorted(Certificate.objects.values_list("serial", flat=True))
    assert serials == [f"CSE-2026-{number:06}" for number in range(1, 6)]


def test_a_serial_that_was_rolled_back_is_given_out_again(now: datetime) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        issuing.next_serial("CSE", year=2026)
        raise ZeroDivisionError
    with transaction.atomic():
        assert issuing.next_serial("CSE", year=2026) == "CSE-2026-000001"
        assert issuing.next_serial("CSE", year=2026) == "CSE-2026-000002"


def test_each_year_and_code_counts_for_itself() -> None:
    with transaction.atomic():
        issuing.next_serial("CSE", year=2026)
        assert issuing.next_serial("CSE", year=2027) == "CSE-2027-000001"
        assert issuing.next_serial("EPA", year=2026) == "EPA-2026-000001"


def test_the_year_of_a_serial_is_the_issuers(now: datetime) -> None:
    """Five in the morning of 1 January in UTC is New Year's Eve in Chicago."""
    attempt = make_attempt(now)
    make_credential(attempt.exam, code="CSE", validity="none", months=None)
    certificate = issuing.consider(attempt.pk, now=now.replace(year=2027, month=1, day=1, hour=5))
    assert certificate is not None
    assert certificate.serial == "CSE-2026-000001"
    assert certificate.facts["issued_on"] == "2026-12-31"


def test_it_says_whether_a_person_reviewed(now: datetime) -> None:
    for state, is_reviewed in (("decided", True), ("not_required", False)):
        attempt = make_attempt(now)
        make_credential(attempt.exam)
        ReviewCase.objects.create(attempt=attempt, state=state, opened_at=now, due_at=now)
        certificate = issuing.consider(attempt.pk, now=now)
        assert certificate is not None
        assert certificate.facts["is_reviewed"] is is_reviewed


@pytest.mark.parametrize(
    "rule",
    [
        {"validity": "months", "months": None},
        {"validity": "months", "months": 0},
        {"validity": "fixed_date", "months": None},
    ],
)
def test_a_rule_without_its_number_cannot_be_kept(rule: dict[str, object]) -> None:
    exam = make_exam()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_credential(exam, **rule)


@pytest.mark.parametrize(("last_day", "is_issued"), [("2026-03-01", False), ("2026-03-02", True)])
def test_a_certificate_is_never_issued_already_expired(now: datetime, last_day: str, is_issued: bool) -> None:
    attempt = make_attempt(now)
    make_credential(attempt.exam, validity="fixed_date", months=None, fixed_date=date.fromisoformat(last_day))
    assert (issuing.consider(attempt.pk, now=now) is not None) == is_issued
    assert SerialCounter.objects.exists() == is_issued


def test_a_pass_that_waits_for_a_later_last_day_is_issued_when_it_is_given(
    now: datetime, settle: Callable[..., int]
) -> None:
    attempt = make_attempt(now)
    over = {"validity": "fixed_date", "months": None, "fixed_date": date(2026, 3, 1)}
    credential = make_credential(attempt.exam, **over)
    announce(attempt, now=now)
    settle()
    assert defining.waiting(attempt.exam_id) == [attempt.pk]
    defining.change(credential, now=now, fixed_date=date(2027, 3, 1))
    settle()
    assert Certificate.objects.get().expires_on == date(2027, 3, 1)


def test_facts_of_certificates_hold_no_personal_data(now: datetime, settle: Callable[..., int]) -> None:
    attempt = make_attempt(now)
    make_credential(attempt.exam)
    announce(attempt, now=now)
    settle()
    kept = " ".join(str(entry.payload) for entry in Entry.objects.all())
    for word in ("Lena", "Ruiz", attempt.person.employee_id, attempt.person.email):
        assert str(word) not in kept


def test_a_whole_exam_day_ends_with_a_certificate(now: datetime, settle: Callable[..., int]) -> None:
    day: ExamDay = exam_day(now, review_policy="not_required")
    make_credential(day.exam, code="CSE")
    day.start()
    day.pass_by(minutes=40)
    day.score(80)
    settle(now=day.now)
    day.seal()
    for _ in range(4):
        day.pass_by(minutes=30)
        settle(now=day.now)
        releasing.consider(day.attempt.pk, now=day.now)
        settle(now=day.now)
    assert day.state == "released"
    assert Certificate.objects.get().serial == "CSE-2026-000001"
