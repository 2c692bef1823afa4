"""Cora's pages: find the file, read it, hand it over; the register; the record."""

import csv
import tempfile
from collections.abc import Iterator
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from certificates import attempt_file as files
from certificates import revoking, searching
from certificates.errors import AlreadyRevoked
from certificates.forms import FileSearch, ReasonForm, RegisterSearch, RevocationForm
from certificates.models import Certificate
from certificates.overview import line_of
from certificates.rendering import pdf
from certificates.rendering.frozen import CertificateFacts
from certificates.verification import proof_url
from lti_platform.journal import clock
from lti_platform.journal.models import Entry
from lti_platform.people.access import PersonRequest, permission_required
from lti_platform.people.roles import may
from lti_platform.people.scoping import scoped
from proctoring.evidence import accessing, playback
from proctoring.evidence import export as evidence_export
from proctoring.evidence.models import EvidenceItem
from proctoring.models import Attempt


@require_safe
@permission_required("read_files")
def search(request: PersonRequest) -> HttpResponse:
    form = FileSearch(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = searching.find_attempts(
        request.user, words=wanted.get("q", ""), exam=wanted.get("exam", ""),
        since=wanted.get("since"), until=wanted.get("until"),
    )  # fmt: skip
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    return render(
        request, "certificates/compliance/search.html", {"form": form, "page": page, "now": clock.now()}
    )


def _attempt(request: PersonRequest, pk: UUID) -> Attempt:
    return get_object_or_404(searching.attempts(request.user), pk=pk)


@require_safe
@permission_required("read_files")
def attempt_file(request: PersonRequest, pk: UUID) -> HttpResponse:
    now, file = clock.now(), files.gather(_attempt(request, pk))
    context = {
        "file": file,
        "line": line_of(file.certificate, today=timezone.localdate(now)) if file.certificate else None,
        "story": [(entry, files.actor_name(entry, file.people)) for entry in file.custody.entries],
        "reason_form": ReasonForm(),
        "revocation_form": RevocationForm(),
        "may_export": may(request.user, "export_files"),
        "may_revoke": may(request.user, "revoke_certificates"),
        "section": "compliance-search",
        "now": now,
    }
    return render(request, "certificates/compliance/file.html", context)


@require_POST
@permission_required("read_files")
def play(request: PersonRequest, pk: UUID) -> HttpResponse:
    attempt, form, now = _attempt(request, pk), ReasonForm(request.POST), clock.now()
    items = EvidenceItem.objects.filter(session__attempt=attempt, state=EvidenceItem.State.ACCEPTED)
    item = get_object_or_404(items.select_related("session__attempt"), pk=request.POST.get("item"))
    if not form.is_valid():
        messages.error(request, _("Not opened: give a reason and a case or request number."))
        return redirect("attempt-file", pk)
    access = accessing.grant(request.user, item, now=now, **form.cleaned_data)
    return redirect(playback.address_of(item, access, now=now))


@require_POST
@permission_required("export_files")
def export(request: PersonRequest, pk: UUID) -> HttpResponseBase:
    attempt, form, now = _attempt(request, pk), ReasonForm(request.POST), clock.now()
    if not form.is_valid():
        messages.error(request, _("Not exported: give a reason and a case or request number."))
        return redirect("attempt-file", pk)
    session = attempt.sessions.order_by("launched_at").first()
    access = accessing.grant(request.user, session, now=now, **form.cleaned_data) if session else None
    documents = files.as_documents(files.gather(attempt)) | _certificate_document(attempt)
    out = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it once sent)
    evidence_export.write_bundle(attempt, out, extra_documents=documents, access=access, now=now)
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=f"attempt-{attempt.case_number}.zip")


def _certificate_document(attempt: Attempt) -> dict[str, bytes]:
    found = Certificate.objects.filter(attempt=attempt).first()
    if found is None:
        return {}
    facts = CertificateFacts.from_json(found.facts)
    return {"certificate.pdf": pdf.render(facts, proof_url=proof_url(found), language="en")}


@require_POST
@permission_required("revoke_certificates")
def revoke(request: PersonRequest, pk: UUID) -> HttpResponse:
    mine = scoped(
        Certificate.objects.all(), request.user, "revoke_certificates", organization="person__organization_id"
    )
    certificate, form = get_object_or_404(mine, pk=pk), RevocationForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Not revoked: a reason is needed."))
        return redirect("attempt-file", certificate.attempt_id)
    try:
        revoking.revoke(pk, reason=form.cleaned_data["reason"], now=clock.now())
        messages.success(request, _("Revoked. The proof page says so now; receivers are being told."))
    except AlreadyRevoked:
        messages.info(request, _("It was revoked before; the first reason stands."))
    return redirect("attempt-file", certificate.attempt_id)


@require_safe
@permission_required("read_files")
def register(request: PersonRequest) -> HttpResponse:
    form, now = RegisterSearch(request.GET), clock.now()
    wanted, today = form.cleaned_data if form.is_valid() else {}, timezone.localdate(now)
    found = searching.certificates(
        request.user, words=wanted.get("q", ""), standing=wanted.get("standing", ""), today=today
    )
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    lines = [line_of(row, today=today) for row in page]
    valid = searching.certificates(request.user, standing="valid", today=today).count()
    context = {"form": form, "page": page, "lines": lines, "valid": valid, "now": now}
    return render(request, "certificates/compliance/register.html", context)


class _Echo:
    def write(self, value: str) -> str:
        return value


COLUMNS = [
    "serial", "status", "employee_id", "family_name", "given_name", "organization", "credential", "course_id",
    "issued_on", "expires_on", "revoked_at", "case_number", "score_percent", "reviewed_by_a_person",
]  # fmt: skip


def _safe(value: object) -> str:
    """Text that a spreadsheet will not take for a formula."""
    text = str(value if value is not None else "")
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


@require_safe
@permission_required("export_files")
def register_csv(request: PersonRequest) -> StreamingHttpResponse:
    today = timezone.localdate(clock.now())
    form = RegisterSearch(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = searching.certificates(
        request.user, words=wanted.get("q", ""), standing=wanted.get("standing", ""), today=today
    )
    writer = csv.writer(_Echo())

    def lines() -> Iterator[str]:
        yield "\ufeff" + str(writer.writerow(COLUMNS))
        for row in found.iterator(chunk_size=500):
            line = line_of(row, today=today)
            facts = line.facts
            yield str(writer.writerow(map(_safe, [
                facts.serial, line.standing, facts.employee_id, facts.family_name, facts.given_name,
                facts.organization, facts.title, facts.course_id, facts.issued_on, facts.expires_on,
                row.revoked_at, facts.case_number, facts.score_percent, facts.is_reviewed,
            ])))  # fmt: skip

    name = f'attachment; filename="register-{today.isoformat()}.csv"'
    return StreamingHttpResponse(
        lines(), content_type="text/csv; charset=utf-8", headers={"Content-Disposition": name}
    )


@require_safe
@permission_required("read_files")
def record_list(request: PersonRequest) -> HttpResponse:
    rows = scoped(Entry.objects.all(), request.user, "read_files", organization="organization_id")
    kind = request.GET.get("fact", "")
    rows = rows.filter(fact_type=kind) if kind else rows
    page = Paginator(rows.order_by("-recorded_at"), 100).get_page(request.GET.get("page"))
    kinds = rows.order_by("fact_type").values_list("fact_type", flat=True).distinct()
    context = {"page": page, "kinds": kinds, "kind": kind, "now": clock.now()}
    return render(request, "certificates/compliance/record.html", context)
