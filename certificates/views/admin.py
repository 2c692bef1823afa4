"""Ada's pages about what can be earned: by which exam, and how long it holds."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from certificates.credential_forms import CredentialForm, NewCredentialForm
from certificates.defining import waiting
from certificates.issuing import is_over
from certificates.models import Credential
from lti_platform.journal import clock
from lti_platform.people.access import PersonRequest, permission_required
from lti_platform.people.scoping import scoped
from proctoring.models import Exam

SECTION = {"section": "credential-list"}


def _credentials(request: PersonRequest) -> QuerySet[Credential]:
    rows = Credential.objects.select_related("exam__context", "issuer").order_by("title", "pk")
    return scoped(rows, request.user, "manage_courses", organization="exam__context__organization_id")


def _exams_without(request: PersonRequest) -> QuerySet[Exam]:
    rows = Exam.objects.filter(credential=None).select_related("context").order_by("title", "pk")
    return scoped(rows, request.user, "manage_courses", organization="context__organization_id")


@require_safe
@permission_required("manage_courses")
def credential_list(request: PersonRequest) -> HttpResponse:
    """What can be earned, and the exams that earn nothing yet."""
    rows = _credentials(request).annotate(issued=Count("certificates"))
    context = {
        "page": Paginator(rows, 50).get_page(request.GET.get("page")),
        "without": _exams_without(request)[:50],
        **SECTION,
    }
    return render(request, "certificates/admin/list.html", context)


@permission_required("manage_courses")
def credential_new(request: PersonRequest) -> HttpResponse:
    """Says what an exam earns; who passed it before gets a certificate now."""
    now = clock.now()
    asked = {"exam": request.GET.get("exam")}
    form = NewCredentialForm(
        request.POST or None, viewer=request.user, today=timezone.localdate(now), initial=asked
    )
    if form.is_valid():
        made = form.create(now=now)
        messages.success(request, _("Who passes “%(exam)s” earns it from now on.") % {"exam": made.exam})
        return redirect("credential-list")
    context = {"form": form, "has_exams": _exams_without(request).exists(), **SECTION}
    return render(request, "certificates/admin/new.html", context)


@permission_required("manage_courses")
def credential_edit(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Changes what is issued from now on."""
    now, credential = clock.now(), get_object_or_404(_credentials(request), pk=pk)
    form = CredentialForm(
        request.POST or None, instance=credential, viewer=request.user, today=timezone.localdate(now)
    )
    if form.is_valid():
        form.change(now=now)
        messages.success(request, _("Saved. Certificates issued before keep their words and their last day."))
        return redirect("credential-list")
    credential.refresh_from_db()
    context = {
        "form": form,
        "credential": credential,
        "issued": credential.certificates.count(),
        "waiting": len(waiting(credential.exam_id)),
        "is_over": is_over(credential, today=timezone.localdate(now)),
        **SECTION,
    }
    return render(request, "certificates/admin/edit.html", context)
