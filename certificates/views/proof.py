"""The public proof: for guards with phones, and for machines. Nobody signs in here."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from certificates import verification
from certificates.expiring import Standing
from certificates.rendering import pdf
from certificates.rendering.frozen import CertificateFacts
from certificates.verification import Proof
from lti_platform.journal import clock

KINDS = {Standing.VALID: "proven", Standing.EXPIRED: "ended", Standing.REVOKED: "act"}


def _wants_json(request: HttpRequest) -> bool:
    if request.path.endswith(".json"):
        return True
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


@require_safe
@never_cache
def proof(request: HttpRequest, token: str) -> HttpResponse:
    now = clock.now()
    found = verification.prove(token, now=now)
    if _wants_json(request):
        body = found.as_json() if found else {"status": "unknown", "as_of": verification.moment(now)}
        response: HttpResponse = JsonResponse(body, status=200 if found else 404)
    else:
        response = _page(request, found)
    patch_vary_headers(response, ["Accept"])
    return response


def _page(request: HttpRequest, found: Proof | None) -> HttpResponse:
    values: dict[str, object] = {"proof": found, "now": found.as_of if found else clock.now()}
    if found:
        values["kind"] = KINDS[found.standing]
        values["title"] = found.facts.title_in(get_language() or "en")
        values["address"] = request.get_host()
    return render(request, "certificates/public/proof.html", values, status=200 if found else 404)


@require_safe
@never_cache
def paper(request: HttpRequest, token: str) -> HttpResponse:
    """The PDF, for who was given its address; in `language` or the reader's own."""
    certificate = verification.by_pdf_token(token)
    if certificate is None:
        return _page(request, None)
    asked = request.GET.get("language") or get_language() or ""
    language = asked if asked in dict(settings.LANGUAGES) else "en"
    facts = CertificateFacts.from_json(certificate.facts)
    address, revoked_at = verification.proof_url(certificate), certificate.revoked_at
    body = pdf.render(facts, proof_url=address, language=language, revoked_at=revoked_at)
    name = f'inline; filename="{facts.serial}.pdf"'
    return HttpResponse(body, content_type="application/pdf", headers={"Content-Disposition": name})
