"""Mail to the holder, in the holder's language."""

from uuid import UUID

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from certificates.models import Certificate
from certificates.rendering.frozen import CertificateFacts
from certificates.verification import pdf_url, proof_url


def tell_holder(certificate_id: UUID) -> bool:
    """Tells the holder that the certificate is issued; False when there is no address to write to."""
    certificate = Certificate.objects.select_related("person").get(pk=certificate_id)
    person = certificate.person
    if not person.email:
        return False
    facts = CertificateFacts.from_json(certificate.facts)
    with translation.override(person.locale):
        title = facts.title_in(person.locale)
        values = {
            "person": person, "facts": facts, "title": title, "certificate": certificate,
            "proof_url": proof_url(certificate), "pdf_url": pdf_url(certificate),
        }  # fmt: skip
        subject = _("Your certificate: %(title)s") % {"title": title}
        send_mail(subject, render_to_string("certificates/mail/issued.txt", values), None, [person.email])
    return True
