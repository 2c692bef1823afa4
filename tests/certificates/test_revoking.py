"""A certificate is withdrawn: with a reason, once, for good."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from certificates import issuing, revoking
from certificates.errors import AlreadyRevoked, ReasonMissing
from certificates.models import Certificate
from lti_platform.journal.models import Entry, Reaction
from proctoring.models import Attempt
from tests.certificates.passing import announce, make_attempt, make_certificate, make_credential
from tests.factories import cora
from tests.together import together

pytestmark = pytest.mark.django_db


def test_a_revocation_is_kept_with_its_reason_and_counts_up_the_version(now: datetime) -> None:
    certificate = revoking.revoke(make_certificate(now).pk, reason=" Borrowed identity. ", now=now)
    certificate.refresh_from_db()
    assert (certificate.status, certificate.version) == ("revoked", 2)
    assert (certificate.revoked_at, certificate.revocation_reason) == (now, "Borrowed identity.")
    entry = Entry.objects.select_related("details").get(fact_type="certificates.revoked")
    assert entry.details.note == "Borrowed identity."
    assert "Borrowed" not in str(entry.payload)


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_nobody_revokes_without_a_reason(now: datetime, reason: str) -> None:
    certificate = make_certificate(now)
    with pytest.raises(ReasonMissing):
        revoking.revoke(certificate.pk, reason=reason, now=now)
    certificate.refresh_from_db()
    assert certificate.status == "issued"


def test_the_first_reason_stands(now: datetime) -> None:
    certificate = make_certificate(now)
    revoking.revoke(certificate.pk, reason="First.", now=now)
    with pytest.raises(AlreadyRevoked):
        revoking.revoke(certificate.pk, reason="Second.", now=now)
    certificate.refresh_from_db()
    assert (certificate.revocation_reason, certificate.version) == ("First.", 2)
    assert Entry.objects.filter(fact_type="certificates.revoked").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_revokes(now: datetime) -> None:
    certificate = make_certificate(now)

    def revoke() -> str:
        try:
            return revoking.revoke(certificate.pk, reason="Rejected.", now=now).status
        except AlreadyRevoked as error:
            return error.code

    assert sorted(together(revoke, revoke)) == ["already_revoked", "revoked"]
    certificate.refresh_from_db()
    assert certificate.version == 2


def test_a_late_rejection_revokes_what_was_issued(now: datetime, settle: Callable[..., int]) -> None:
    attempt = make_attempt(now)
    make_credential(attempt.exam)
    announce(attempt, now=now)
    settle()
    attempt.state = "invalidated"
    attempt.save()
    announce(attempt, now=now)
    settle()
    certificate = Certificate.objects.get()
    assert certificate.status == "revoked"
    assert certificate.revocation_reason
    assert issuing.consider(attempt.pk, now=now) is None


def test_our_own_reason_is_read_in_the_officers_language(
    client: Client, now: datetime, settle: Callable[..., int]
) -> None:
    certificate = make_certificate(now)
    Attempt.objects.filter(pk=certificate.attempt_id).update(state="invalidated")
    announce(Attempt.objects.get(pk=certificate.attempt_id), now=now)
    settle()
    officer = cora()
    officer.locale = "es"
    officer.save()
    client.force_login(officer)
    page = client.get(f"/files/{certificate.attempt_id}/").content.decode()
    assert "El intento de examen se rechazó después de la revisión." in page


def test_hearing_of_the_rejection_twice_revokes_once(now: datetime, settle: Callable[..., int]) -> None:
    attempt = make_attempt(now)
    make_credential(attempt.exam)
    issuing.consider(attempt.pk, now=now)
    attempt.state = "invalidated"
    attempt.save()
    announce(attempt, now=now)
    announce(attempt, now=now)
    settle()
    assert Certificate.objects.get().version == 2
    assert not Reaction.objects.exclude(state="done").exists()


def test_a_rejection_of_what_earned_nothing_revokes_nothing(now: datetime) -> None:
    attempt = make_attempt(now, state="invalidated")
    assert revoking.revoke_for_attempt(attempt.pk, reason="Rejected.", now=now) is None
