"""What a destination is told: a versioned snapshot of one certificate's state, never a difference."""

import json
from datetime import datetime
from typing import Any

from django.utils import timezone

from certificates.models import Certificate
from certificates.onward.models import Destination
from certificates.rendering.frozen import CertificateFacts
from certificates.verification import moment, pdf_url, proof_url, standing_of

SCHEMA_VERSION = 1
ISSUED, REVOKED = "certificate.issued", "certificate.revoked"


def event_type_of(certificate: Certificate) -> str:
    """What happened last to the certificate, as receivers know it."""
    return REVOKED if certificate.status == Certificate.Status.REVOKED else ISSUED


def snapshot(certificate: Certificate, *, event_type: str, destination: Destination, now: datetime) -> str:
    """The JSON body; compact, under the 20 kB that Standard Webhooks advises. The score only where it may go."""
    facts = CertificateFacts.from_json(certificate.facts)
    data: dict[str, Any] = {
        "person": {
            "external_id": facts.employee_id,
            "given_name": facts.given_name,
            "family_name": facts.family_name,
            "organization": facts.organization,
        },
        "credential": {"code": facts.credential_code, "title": facts.title},
        "course_id": facts.course_id,
        "certificate": {
            "serial": facts.serial,
            "version": certificate.version,
            "status": str(standing_of(certificate, today=timezone.localdate(now))),
            "issued_at": moment(certificate.issued_at),
            "expires_on": facts.expires_on or None,
            "revoked_at": moment(certificate.revoked_at) if certificate.revoked_at else None,
            "proof_url": proof_url(certificate),
            "pdf_url": pdf_url(certificate),
        },
    }
    if destination.sends_score and facts.score_percent:
        data["score_percent"] = float(facts.score_percent)
    body = {
        "type": event_type,
        "version": SCHEMA_VERSION,
        "timestamp": moment(now),
        "data": data,
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
