"""What certificates do when something happens to their left."""

from datetime import datetime

from django.utils.translation import gettext_noop

from certificates import defining, issuing, notifying, revoking
from certificates.facts import CertificateIssued, CertificateRevoked, CredentialChanged
from lti_platform.journal.reactions import reacts_to
from proctoring.facts import AttemptInvalidated, AttemptReleased, AttemptVoided

# Mail takes as long as its server likes: it is sent outside of any transaction.


@reacts_to(AttemptReleased)
def consider_issuing(fact: AttemptReleased, *, now: datetime) -> None:
    issuing.consider(fact.attempt_id, now=now)


@reacts_to(CredentialChanged)
def issue_to_who_passed_before(fact: CredentialChanged, *, now: datetime) -> None:
    defining.issue_waiting(fact.exam_id, now=now)


@reacts_to(AttemptInvalidated)
def revoke_what_it_earned(fact: AttemptInvalidated, *, now: datetime) -> None:
    reason = gettext_noop("The exam attempt was rejected after review.")
    revoking.revoke_for_attempt(fact.attempt_id, reason=reason, now=now)


@reacts_to(CertificateIssued, takes_long=True)
def tell_the_holder(fact: CertificateIssued, *, now: datetime) -> None:
    notifying.tell_holder(fact.certificate_id)


@reacts_to(CertificateRevoked, takes_long=True)
def tell_whose_certificate_is_revoked(fact: CertificateRevoked, *, now: datetime) -> None:
    notifying.tell_of_revocation(fact.certificate_id)


@reacts_to(AttemptReleased, takes_long=True)
def tell_who_did_not_pass(fact: AttemptReleased, *, now: datetime) -> None:
    notifying.tell_learner(fact.attempt_id)


@reacts_to(AttemptInvalidated, takes_long=True)
def tell_who_was_rejected(fact: AttemptInvalidated, *, now: datetime) -> None:
    notifying.tell_learner(fact.attempt_id)


@reacts_to(AttemptVoided, takes_long=True)
def tell_whose_attempt_is_void(fact: AttemptVoided, *, now: datetime) -> None:
    notifying.tell_learner(fact.attempt_id)
