"""A course's details, copy, roles, links and own tools, for LMS admins."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.forms.models import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from lti_platform.courses import copying, deploying, editing, grouping, memberships, placing
from lti_platform.courses.detail_forms import (
    CopyForm,
    CourseDetailsForm,
    LinkForm,
    MemberForm,
    NewLinkForm,
    OwnToolForm,
)
from lti_platform.courses.models import Context
from lti_platform.journal import clock
from lti_platform.people.access import PersonRequest, permission_required
from lti_platform.people.scoping import scoped
from lti_platform.tools import overseeing


def _courses(request: PersonRequest) -> QuerySet[Context]:
    rows = Context.objects.select_related("organization", "copied_from")
    return scoped(rows, request.user, "manage_courses", organization="organization_id")


def _shown(request: PersonRequest, template: str, **values: object) -> HttpResponse:
    return render(
        request, f"courses/admin/{template}.html", {"section": "course-list", "now": clock.now(), **values}
    )


@permission_required("manage_courses")
def course_edit(request: PersonRequest, pk: UUID) -> HttpResponse:
    course = get_object_or_404(_courses(request), pk=pk)
    # The form writes to its instance before it is judged.
    form = CourseDetailsForm(request.POST or None, instance=Context(pk=pk), initial=model_to_dict(course))
    if form.is_valid():
        editing.change_course(course, now=clock.now(), **form.cleaned_data)
        messages.success(request, _("Saved. Tools are told so from the next launch on."))
        return redirect("course-detail", pk)
    return _shown(request, "edit", course=course, form=form)


@permission_required("manage_courses")
def course_copy(request: PersonRequest, pk: UUID) -> HttpResponse:
    course = get_object_or_404(_courses(request), pk=pk)
    form = CopyForm(request.POST or None, initial={"label": course.label, "title": course.title})
    if form.is_valid():
        copied = copying.copy_course(course, now=clock.now(), **form.cleaned_data)
        messages.success(request, _("The course is copied. Enrol people, then publish its exams."))
        return redirect("course-detail", copied.course.pk)
    links = list(copying.standing_links(course).select_related("context"))
    going = [link for link in links if copying.may_be_copied(link)]
    staying = [link for link in links if link not in going]
    return _shown(request, "copy", course=course, form=form, going=going, staying=staying)


@permission_required("manage_courses")
def member_edit(request: PersonRequest, pk: UUID, person_id: UUID) -> HttpResponse:
    course = get_object_or_404(_courses(request), pk=pk)
    member = get_object_or_404(grouping.candidates(course), person_id=person_id)
    mentored = member.person.mentorships.filter(context=course).select_related("learner")
    ids = "\n".join(sorted(each.learner.employee_id for each in mentored))
    initial = {"roles": member.roles, "learners": ids}
    form = MemberForm(request.POST or None, course=course, initial=initial)
    if form.is_valid():
        now, learners = clock.now(), form.cleaned_data["learners"]
        memberships.give_roles(member, roles=form.cleaned_data["roles"], now=now)
        editing.set_mentored(member.person, course, learners=learners, now=now)
        messages.success(request, _("Saved. Tools are told so from the next launch on."))
        return redirect("course-detail", pk)
    return _shown(request, "member", course=course, member=member, form=form)


@permission_required("manage_courses")
def link_edit(request: PersonRequest, pk: UUID, link_id: UUID) -> HttpResponse:
    course = get_object_or_404(_courses(request), pk=pk)
    link = get_object_or_404(copying.standing_links(course), pk=link_id)
    form = LinkForm(request.POST or None, initial=model_to_dict(link))
    if form.is_valid():
        placing.change_link(link, now=clock.now(), **form.cleaned_data)
        messages.success(request, _("Saved. Tools are told so from the next launch on."))
        return redirect("course-detail", pk)
    return _shown(request, "link", course=course, link=link, form=form)


@permission_required("manage_courses")
def link_new(request: PersonRequest, pk: UUID) -> HttpResponse:
    course = get_object_or_404(_courses(request), pk=pk)
    form = NewLinkForm(request.POST or None, course=course)
    if form.is_valid():
        values = dict(form.cleaned_data)
        placing.place_link(course, values.pop("deployment"), now=clock.now(), **values)
        messages.success(request, _("The link is placed. People of the course open it by its address."))
        return redirect("course-detail", pk)
    return _shown(request, "link_new", course=course, form=form, tools=deploying.deployments_for(course))


@permission_required("manage_courses")
def course_tool_new(request: PersonRequest, pk: UUID) -> HttpResponse:
    course = get_object_or_404(_courses(request), pk=pk)
    tools = overseeing.visible_registrations(request.user)
    form = OwnToolForm(request.POST or None, tools=tools)
    if form.is_valid():
        registration = form.cleaned_data["registration"]
        deploying.deploy_in_course(registration, context=course, now=clock.now())
        messages.success(request, _("%(tool)s is deployed for this course alone.") % {"tool": registration})
        return redirect("link-new", pk)
    own = course.own_deployments.select_related("deployment__registration").order_by(
        "created_at", "deployment_id"
    )
    return _shown(request, "own_tools", course=course, form=form, tools=tools, own=own)
