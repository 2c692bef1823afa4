"""Certificates' news go onward."""

from datetime import datetime

from certificates.facts import CertificateIssued, CertificateRevoked
from certificates.onward import deliveries
from lti_platform.journal.reactions import reacts_to


@reacts_to(CertificateIssued)
def queue_issue(fact: CertificateIssued, *, now: datetime) -> None:
    deliveries.queue(fact.certificate_id, now=now)


@reacts_to(CertificateRevoked)
def queue_revocation(fact: CertificateRevoked, *, now: datetime) -> None:
    deliveries.queue(fact.certificate_id, now=now)
