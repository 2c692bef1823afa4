"""The public proof: for guards with phones, and for machines. Nobody signs in here."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from certificates import verification
from certificates.expiring import Standing
from certificates.rendering import pdf
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
    status = 200 if found else 404
    if _wants_json(request):
        body = found.as_json() if found else {"status": "unknown", "as_of": now.isoformat()}
        return JsonResponse(body, status=status)
    values = {"proof": found, "kind": KINDS[found.standing] if found else "unknown", "now": now}
    if found:
        values["title"] = found.facts.title_in(get_language() or "en")
        values["address"] = request.get_host()
    return render(request, "certificates/public/proof.html", values, status=status)


@require_safe
@never_cache
def proof_pdf(request: HttpRequest, token: str) -> HttpResponse:
    found = verification.prove(token, now=clock.now())
    if found is None:
        return render(
            request, "certificates/public/proof.html", {"kind": "unknown", "now": clock.now()}, status=404
        )
    language = request.GET.get("language", get_language() or "en")[:2]
    body = pdf.render(found.facts, proof_url=verification.proof_url(found.certificate), language=language)
    name = f'inline; filename="{found.facts.serial}.pdf"'
    return HttpResponse(body, content_type="application/pdf", headers={"Content-Disposition": name})
