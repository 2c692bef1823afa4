"""Courses, for LMS admins: what there is, who is in them, and the tools' links they hold."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from lti_platform.courses import grouping, memberships, placing
from lti_platform.courses.forms import CourseForm, EnrolForm
from lti_platform.courses.models import Context, Membership
from lti_platform.journal import clock
from lti_platform.people.access import PersonRequest, permission_required
from lti_platform.people.scoping import scoped


def _courses(request: PersonRequest) -> QuerySet[Context]:
    rows = Context.objects.select_related("organization").order_by("label", "id")
    return scoped(rows, request.user, "manage_courses", organization="organization_id")


@permission_required("manage_courses")
def course_list(request: PersonRequest) -> HttpResponse:
    active = Count("memberships", filter=Q(memberships__status=Membership.Status.ACTIVE))
    page = Paginator(_courses(request).annotate(members=active), 50).get_page(request.GET.get("page"))
    return render(request, "courses/admin/list.html", {"page": page, "now": clock.now()})


@permission_required("manage_courses")
def course_new(request: PersonRequest) -> HttpResponse:
    form = CourseForm(request.POST or None, viewer=request.user)
    if form.is_valid():
        course = placing.create_course(now=clock.now(), **form.cleaned_data)
        messages.success(request, _("The course is made. Enrol people next."))
        return redirect("course-detail", course.pk)
    return render(request, "courses/admin/new.html", {"form": form, "section": "course-list"})


@permission_required("manage_courses")
def course_detail(request: PersonRequest, pk: UUID) -> HttpResponse:
    course = get_object_or_404(_courses(request), pk=pk)
    form = EnrolForm(request.POST or None, viewer=request.user)
    if form.is_valid():
        return _enrolled(request, course, form)
    members = grouping.candidates(course).select_related("person", "person__organization")
    context = {
        "course": course,
        "form": form,
        "page": Paginator(members.order_by("person__family_name", "id"), 50).get_page(
            request.GET.get("page")
        ),
        "links": course.resource_links.filter(removed_at=None).select_related("deployment__registration"),
        "section": "course-list",
        "now": clock.now(),
    }
    return render(request, "courses/admin/detail.html", context)


def _enrolled(request: PersonRequest, course: Context, form: EnrolForm) -> HttpResponse:
    people = form.cleaned_data["people"]
    for person in people:
        memberships.enrol(person, course, roles=[form.cleaned_data["role"]], now=clock.now())
    words = ngettext("%(count)s person is enrolled.", "%(count)s people are enrolled.", len(people))
    messages.success(request, words % {"count": len(people)})
    return redirect("course-detail", course.pk)


@require_POST
@permission_required("manage_courses")
def member_suspend(request: PersonRequest, pk: UUID, person_id: UUID) -> HttpResponse:
    course = get_object_or_404(_courses(request), pk=pk)
    member = get_object_or_404(
        Membership.objects.select_related("person"), context=course, person_id=person_id
    )
    memberships.suspend(member.person, course, now=clock.now())
    words = _("%(name)s is suspended in this course, until somebody enrols them again.")
    messages.success(request, words % {"name": member.person})
    return redirect("course-detail", pk)


@require_POST
@permission_required("manage_courses")
def member_remove(request: PersonRequest, pk: UUID, person_id: UUID) -> HttpResponse:
    course = get_object_or_404(_courses(request), pk=pk)
    member = get_object_or_404(grouping.candidates(course), person_id=person_id)
    memberships.remove(member.person, course, now=clock.now())
    messages.success(
        request, _("%(name)s is no longer in this course. Scores are kept.") % {"name": member.person}
    )
    return redirect("course-detail", pk)
