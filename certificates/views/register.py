"""Cora's lists: the register of certificates, and the record of what happened."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from certificates import register as registers
from certificates import searching
from certificates.forms import RecordSearch, RegisterSearch
from certificates.models import Certificate
from certificates.naming import names_in
from certificates.overview import line_of
from lti_platform.journal import clock
from lti_platform.journal.models import Entry
from lti_platform.people.access import PersonRequest, permission_required
from lti_platform.people.roles import may
from lti_platform.people.scoping import scoped


def _found(request: PersonRequest, form: RegisterSearch, **how: Any) -> QuerySet[Certificate]:
    """What the form asks for; nothing when it can't be understood."""
    if not form.is_valid():
        return Certificate.objects.none()
    wanted = form.cleaned_data
    return searching.certificates(request.user, words=wanted["q"], standing=wanted["standing"], **how)


@require_safe
@permission_required("read_files")
def register(request: PersonRequest) -> HttpResponse:
    form, now = RegisterSearch(request.GET), clock.now()
    today = timezone.localdate(now)
    page = Paginator(_found(request, form, today=today), 50).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "lines": [line_of(row, today=today) for row in page],
        "valid": searching.certificates(request.user, standing="valid", today=today).count(),
        "may_export": may(request.user, "export_files"),
        "now": now,
    }
    return render(request, "certificates/compliance/register.html", context)


@require_safe
@permission_required("export_files")
def register_csv(request: PersonRequest) -> StreamingHttpResponse:
    now = clock.now()
    today = timezone.localdate(now)
    found = _found(request, RegisterSearch(request.GET), today=today, permission="export_files")
    registers.record_export(request.user, certificates=found.count(), now=now)
    return StreamingHttpResponse(
        registers.csv_lines(found, today=today),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="register-{today.isoformat()}.csv"'},
    )


@require_safe
@permission_required("read_files")
def record_list(request: PersonRequest) -> HttpResponse:
    form = RecordSearch(request.GET)
    kind = form.cleaned_data["fact"] if form.is_valid() else ""
    mine = scoped(Entry.objects.all(), request.user, "read_files", organization="organization_id")
    kinds = mine.order_by("fact_type").values_list("fact_type", flat=True).distinct()
    rows = mine.filter(fact_type=kind) if kind else mine
    page = Paginator(rows.order_by("-recorded_at", "-id"), 100).get_page(request.GET.get("page"))
    names = names_in(page)
    lines = [
        (entry, names.actor(entry), names.subject(entry), names.attempts.get(entry.subject)) for entry in page
    ]
    context = {"page": page, "lines": lines, "kinds": kinds, "kind": kind, "now": clock.now()}
    return render(request, "certificates/compliance/record.html", context)
