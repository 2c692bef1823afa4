"""Lena's pages: what to do next, and what she earned."""

from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from certificates import overview, verification
from certificates.models import Certificate
from certificates.rendering import pdf
from certificates.rendering.frozen import CertificateFacts
from gradebook import grading
from lti_platform.journal import clock
from lti_platform.people.access import PersonRequest, permission_required
from lti_platform.people.scoping import scoped


@require_safe
@permission_required("learn")
def home(request: PersonRequest) -> HttpResponse:
    now = clock.now()
    found = overview.overview(request.user, now=now)
    context = {"overview": found, "taught": grading.courses_taught_by(request.user), "now": now}
    return render(request, "certificates/learner/home.html", context)


@require_safe
@permission_required("learn")
def certificates(request: PersonRequest) -> HttpResponse:
    now = clock.now()
    lines = overview.certificates_of(request.user, today=timezone.localdate(now))
    return render(request, "certificates/learner/certificates.html", {"lines": lines, "now": now})


@require_safe
@permission_required("learn")
def certificate_pdf(request: PersonRequest, pk: UUID) -> HttpResponse:
    """For the holder, and for who keeps the files of the holder's organization."""
    files = scoped(
        Certificate.objects.all(), request.user, "read_files", organization="person__organization_id"
    )
    visible = Q(person=request.user) | Q(pk__in=files.values("pk"))
    certificate = get_object_or_404(Certificate.objects.filter(visible), pk=pk)
    facts = CertificateFacts.from_json(certificate.facts)
    body = pdf.render(
        facts,
        proof_url=verification.proof_url(certificate),
        language=get_language() or request.user.locale,
        revoked_at=certificate.revoked_at,
    )
    name = f'attachment; filename="{facts.serial}.pdf"'
    return HttpResponse(body, content_type="application/pdf", headers={"Content-Disposition": name})
