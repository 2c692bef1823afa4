"""People, for LMS admins: who they are, whether they may sign in, and what they may do."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lti_platform.journal import clock
from lti_platform.journal.recording import record_refusal
from lti_platform.people import enrolling
from lti_platform.people.access import PersonRequest, permission_required
from lti_platform.people.finding import goes_by
from lti_platform.people.forms import FirstPasswordForm, PersonFilter, PersonForm, RoleForm
from lti_platform.people.models import Person, RoleGrant
from lti_platform.people.roles import grants_of, reaches
from lti_platform.people.scoping import scoped


def _people(request: PersonRequest) -> QuerySet[Person]:
    rows = Person.objects.select_related("organization", "site")
    return scoped(rows, request.user, "manage_people", organization="organization_id")


def _require_reach(request: PersonRequest, person: Person) -> None:
    if not reaches(request.user, "manage_people", person=person):
        record_refusal("roles_out_of_reach", now=clock.now(), subject=f"person:{person.pk}")
        raise PermissionDenied


def _matching(rows: QuerySet[Person], form: PersonFilter) -> QuerySet[Person]:
    if not form.is_valid():
        return rows
    for word in form.cleaned_data["q"].split():
        rows = rows.filter(goes_by(word) | Q(email__icontains=word))
    return rows.filter(status=form.cleaned_data["status"]) if form.cleaned_data["status"] else rows


@permission_required("manage_people")
def person_list(request: PersonRequest) -> HttpResponse:
    form = PersonFilter(request.GET)
    people = _people(request)
    page = Paginator(_matching(people, form), 50).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "active": people.filter(status=Person.Status.ACTIVE).count(),
        "total": people.count(),
        "now": clock.now(),
    }
    return render(request, "people/admin/list.html", context)


@permission_required("manage_people")
def person_new(request: PersonRequest) -> HttpResponse:
    form = PersonForm(request.POST or None, viewer=request.user)
    password = FirstPasswordForm(request.POST or None, person=form.instance)
    if form.is_valid() and password.is_valid():
        secret = password.cleaned_data["password"] or None
        person = enrolling.enrol(now=clock.now(), password=secret, **form.cleaned_data)
        messages.success(request, _("%(name)s is enrolled.") % {"name": person})
        return redirect("person-detail", person.pk)
    return render(
        request, "people/admin/new.html", {"form": form, "password": password, "section": "person-list"}
    )


@permission_required("manage_people")
def person_detail(request: PersonRequest, pk: UUID) -> HttpResponse:
    person = get_object_or_404(_people(request), pk=pk)
    form = PersonForm(request.POST or None, instance=person, viewer=request.user)
    if form.is_valid():
        _require_reach(request, person)
        enrolling.change(form.save(commit=False), changed=form.changed_data, now=clock.now())
        messages.success(request, _("Saved."))
        return redirect("person-detail", pk)
    context = {
        "person": person,
        "form": form,
        "roles": person.role_grants.select_related("organization").order_by("role"),
        "role_form": RoleForm(viewer=request.user),
        "section": "person-list",
        "now": clock.now(),
    }
    return render(request, "people/admin/detail.html", context)


@require_POST
@permission_required("manage_people")
def role_grant(request: PersonRequest, pk: UUID) -> HttpResponse:
    person = get_object_or_404(_people(request), pk=pk)
    form = RoleForm(request.POST, viewer=request.user)
    if form.is_valid():
        chosen = form.cleaned_data
        enrolling.grant_role(person, chosen["role"], chosen["organization"], now=clock.now())
        messages.success(request, _("The role is granted and holds at once."))
    else:
        messages.error(request, _("Not granted: choose a role, and an organization that you administer."))
    return redirect("person-detail", pk)


@require_POST
@permission_required("manage_people")
def role_withdraw(request: PersonRequest, pk: UUID, grant_id: UUID) -> HttpResponse:
    person = get_object_or_404(_people(request), pk=pk)
    rows = RoleGrant.objects.filter(person=person)
    organizations = grants_of(request.user).organizations("manage_people")
    if organizations is not None:
        rows = rows.filter(organization_id__in=organizations)
    enrolling.withdraw_role(get_object_or_404(rows, pk=grant_id).pk, now=clock.now())
    messages.success(request, _("The role is withdrawn and no longer holds."))
    return redirect("person-detail", pk)
