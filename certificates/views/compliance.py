"""Cora's pages about one attempt: find the file, read it, hand it over, withdraw what it earned."""

import tempfile
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from certificates import attempt_file as files
from certificates import exporting, revoking, searching
from certificates.errors import AlreadyRevoked
from certificates.forms import FileSearch, PlayForm, ReasonForm, RevocationForm
from certificates.models import Certificate
from certificates.overview import line_of
from lti_platform.journal import clock
from lti_platform.people.access import PersonRequest, permission_required
from lti_platform.people.roles import may
from lti_platform.people.scoping import scoped
from proctoring.evidence import accessing, playback
from proctoring.evidence.errors import EvidenceError
from proctoring.evidence.models import EvidenceItem
from proctoring.models import Attempt


@require_safe
@permission_required("read_files")
def search(request: PersonRequest) -> HttpResponse:
    form, found = FileSearch(request.GET), Attempt.objects.none()
    if form.is_valid():
        wanted = form.cleaned_data
        found = searching.find_attempts(
            request.user, words=wanted["q"], exam=wanted["exam"], since=wanted["since"], until=wanted["until"]
        )
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "now": clock.now()}
    return render(request, "certificates/compliance/search.html", context)


def _attempt(request: PersonRequest, pk: UUID, *, permission: str = "read_files") -> Attempt:
    return get_object_or_404(searching.attempts(request.user, permission=permission), pk=pk)


@require_safe
@permission_required("read_files")
def attempt_file(request: PersonRequest, pk: UUID) -> HttpResponse:
    attempt, now = _attempt(request, pk), clock.now()
    return render(request, "certificates/compliance/file.html", _file_page(request, attempt) | {"now": now})


def _file_page(request: PersonRequest, attempt: Attempt) -> dict[str, Any]:
    file, today = files.gather(attempt), timezone.localdate(clock.now())
    organization_id = attempt.person.organization_id
    line = line_of(file.certificate, today=today) if file.certificate else None
    return {
        "file": file,
        "line": line,
        "kind": files.kind_of(attempt, standing=line.standing if line else None),
        "story": [(entry, file.names.actor(entry)) for entry in file.custody.entries],
        "reason_form": ReasonForm(),
        "revocation_form": RevocationForm(),
        "may_export": may(request.user, "export_files", organization_id=organization_id),
        "may_revoke": line is not None
        and line.standing != "revoked"
        and may(request.user, "revoke_certificates", organization_id=organization_id),
        "section": "compliance-search",
    }


@require_POST
@permission_required("read_files")
def play(request: PersonRequest, pk: UUID) -> HttpResponse:
    attempt, which, form = _attempt(request, pk), PlayForm(request.POST), ReasonForm(request.POST)
    items = EvidenceItem.objects.filter(session__attempt=attempt, state=EvidenceItem.State.ACCEPTED)
    wanted = which.cleaned_data["item"] if which.is_valid() else None
    item, now = get_object_or_404(items.select_related("session__attempt"), pk=wanted), clock.now()
    if not form.is_valid():
        messages.error(request, _("Not opened: give a reason and a case or request number."))
        return redirect("attempt-file", pk)
    access = accessing.grant(request.user, item, now=now, **form.cleaned_data)
    return redirect(playback.address_of(item, access, now=now))


@require_POST
@permission_required("export_files")
def export(request: PersonRequest, pk: UUID) -> HttpResponseBase:
    attempt, form = _attempt(request, pk, permission="export_files"), ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Not exported: give a reason and a case or request number."))
        return redirect("attempt-file", pk)
    out = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it once sent)
    try:
        exporting.export(attempt, out, person=request.user, now=clock.now(), **form.cleaned_data)
    except EvidenceError as error:
        out.close()
        messages.error(request, _("Not exported: %(why)s") % {"why": error.message})
        return redirect("attempt-file", pk)
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=f"attempt-{attempt.case_number}.zip")


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
