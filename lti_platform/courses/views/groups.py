"""A course's groups, for LMS admins: made here, and told to tools."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lti_platform.courses import grouping
from lti_platform.courses.errors import NameTaken
from lti_platform.courses.group_forms import GroupForm, GroupMembersForm
from lti_platform.courses.models import Context, Group
from lti_platform.journal import clock
from lti_platform.people.access import PersonRequest, permission_required
from lti_platform.people.scoping import scoped

GROUPS_A_PAGE = 50


def _courses(request: PersonRequest) -> QuerySet[Context]:
    rows = Context.objects.select_related("organization")
    return scoped(rows, request.user, "manage_courses", organization="organization_id")


@permission_required("manage_courses")
def group_list(request: PersonRequest, pk: UUID) -> HttpResponse:
    course = get_object_or_404(_courses(request), pk=pk)
    form = GroupForm(request.POST or None)
    if form.is_valid() and _made(course, form):
        messages.success(request, _("The group is made. Say who is in it."))
        return redirect("group-list", course.pk)
    groups = Group.objects.filter(context=course).select_related("group_set")
    rows = groups.annotate(size=Count("enrollments")).order_by("group_set__name", "name", "id")
    page = Paginator(rows, GROUPS_A_PAGE).get_page(request.GET.get("page"))
    context = {"course": course, "form": form, "page": page, "section": "course-list", "now": clock.now()}
    return render(request, "courses/admin/groups.html", context)


@permission_required("manage_courses")
def group_detail(request: PersonRequest, pk: UUID, group_id: UUID) -> HttpResponse:
    course = get_object_or_404(_courses(request), pk=pk)
    group = get_object_or_404(
        Group.objects.select_related("group_set", "context"), context=course, pk=group_id
    )
    there = group.enrollments.select_related("membership__person")
    form = GroupMembersForm(request.POST or None, course=course, there=there)
    if form.is_valid():
        grouping.set_members(group, form.cleaned_data["members"], now=clock.now())
        messages.success(request, _("Saved. Tools that read groups see it from now on."))
        return redirect("group-list", course.pk)
    context = {"course": course, "group": group, "form": form, "section": "course-list", "now": clock.now()}
    return render(request, "courses/admin/group_detail.html", context)


@require_POST
@permission_required("manage_courses")
def group_remove(request: PersonRequest, pk: UUID, group_id: UUID) -> HttpResponse:
    course = get_object_or_404(_courses(request), pk=pk)
    group = get_object_or_404(Group.objects.select_related("context"), context=course, pk=group_id)
    grouping.remove_group(group, now=clock.now())
    messages.success(
        request, _("The group %(name)s is gone; its members stay in the course.") % {"name": group}
    )
    return redirect("group-list", course.pk)


def _made(course: Context, form: GroupForm) -> bool:
    """Whether the group exists now; else the form says why not."""
    name, set_name = form.cleaned_data["name"], form.cleaned_data["set_name"]
    try:
        group_set = grouping.named_set(course, name=set_name) if set_name else None
        grouping.make_group(course, name=name, group_set=group_set, now=clock.now())
    except NameTaken:
        form.add_error("name", _("This course has a group of that name."))
        return False
    return True
