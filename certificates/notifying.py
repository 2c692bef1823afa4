"""Mail to the learner, in the learner's language: what was earned, or why not."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from certificates.models import Certificate
from certificates.rendering.frozen import CertificateFacts
from certificates.verification import pdf_url, proof_url
from lti_platform.people.models import Person
from proctoring.models import Attempt

State = Attempt.State
NEWS: dict[str, tuple[Promise, str]] = {
    State.RELEASED: (_("Your result: %(title)s"), "certificates/mail/not_passed.txt"),
    State.INVALIDATED: (_("Your exam was not accepted: %(title)s"), "certificates/mail/not_accepted.txt"),
    State.VOIDED: (_("Your exam does not count: %(title)s"), "certificates/mail/does_not_count.txt"),
}


def tell_holder(certificate_id: UUID) -> bool:
    """Tells the holder that the certificate is issued; False when it is withdrawn already or there is no address."""
    certificate = Certificate.objects.select_related("person").get(pk=certificate_id)
    if certificate.status == Certificate.Status.REVOKED:
        return False
    values = {**_known(certificate), "certificate": certificate, "pdf_url": pdf_url(certificate)}
    subject = _("Your certificate: %(title)s")
    return _send(certificate.person, subject, template="certificates/mail/issued.txt", values=values)


def tell_of_revocation(certificate_id: UUID) -> bool:
    """Tells the holder that the certificate is revoked; False without an address, or where the rejection told it."""
    certificate = Certificate.objects.select_related("person", "attempt").get(pk=certificate_id)
    if certificate.attempt.state == State.INVALIDATED:
        return False
    subject = _("Your certificate was revoked: %(title)s")
    template = "certificates/mail/revoked.txt"
    return _send(certificate.person, subject, template=template, values=_known(certificate))


def tell_learner(attempt_id: UUID) -> bool:
    """Tells the learner that a settled attempt earned nothing, and why; False for a pass or without an address."""
    attempt = Attempt.objects.select_related("exam", "person").get(pk=attempt_id)
    never_took_place = attempt.started_at is None
    if attempt.state not in NEWS or never_took_place or (attempt.state == State.RELEASED and attempt.passed):
        return False
    subject, template = NEWS[attempt.state]
    exam, is_spanish = attempt.exam, attempt.person.locale == "es"
    values = {
        "title": exam.title_es if is_spanish and exam.title_es else exam.title,
        "attempt": attempt,
        "pass_mark": attempt.policy.get("pass_mark_percent", exam.pass_mark_percent),
        "attempt_url": f"{settings.PLATFORM_URL}{reverse('attempt', args=[attempt.pk])}",
    }
    return _send(attempt.person, subject, template=template, values=values)


def _known(certificate: Certificate) -> dict[str, Any]:
    facts = CertificateFacts.from_json(certificate.facts)
    title = facts.title_in(certificate.person.locale)
    return {"facts": facts, "title": title, "proof_url": proof_url(certificate)}


def _send(person: Person, subject: Promise, *, template: str, values: dict[str, Any]) -> bool:
    if not person.email:
        return False
    with translation.override(person.locale):
        words = str(subject) % {"title": values["title"]}
        body = render_to_string(template, {**values, "person": person})
        send_mail(" ".join(words.split()), body, None, [person.email])
    return True
