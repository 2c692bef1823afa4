"""Contexts, memberships and resource links."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from lti_platform.people.models import Organization, Person
from lti_platform.tools.models import Deployment


class Context(models.Model):
    """A course (LTI Core 5.4.1). `id` is the LTI context id; a copy has an id of its own, and `history` behind it."""

    class Type(models.TextChoices):
        TEMPLATE = "CourseTemplate", _("Template")
        OFFERING = "CourseOffering", _("Course")
        SECTION = "CourseSection", _("Section of a course")
        GROUP = "Group", _("Group")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="contexts")
    label = models.CharField(_("label"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    type = models.CharField(_("type"), max_length=20, choices=Type, default=Type.OFFERING)
    description = models.TextField(_("description"), blank=True)
    sourced_id = models.CharField(_("id in your records"), max_length=255, blank=True)
    # Of the course a section belongs to; LTI Core 5.4.5 names both.
    offering_sourced_id = models.CharField(_("id of the section’s course"), max_length=255, blank=True)
    course_number = models.CharField(_("course number"), max_length=60, blank=True)
    academic_session = models.CharField(_("term"), max_length=100, blank=True)
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    copied_from = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="copies")
    history = models.JSONField(default=list, editable=False)  # ids of what this was copied from, latest first
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["label", "id"]

    def __str__(self) -> str:
        return self.title


class Membership(models.Model):
    """A person's place in a context. `roles` holds short LIS context roles: "Learner", "Instructor", …"""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        INACTIVE = "inactive", _("Inactive")
        REMOVED = "removed", _("Removed")

    id = models.BigAutoField(primary_key=True)
    context = models.ForeignKey(Context, models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    roles = models.JSONField(default=list)
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["context", "person"], name="courses_member_once")]
        indexes = [models.Index(fields=["context", "id"])]

    def __str__(self) -> str:
        return f"{self.person} in {self.context}"


class MembershipChange(models.Model):
    """That something a tool may know of a member changed: what a roster's differences are told from.

    Written under a lock of the course, so that within one course the ids rise in the order of commits.
    """

    id = models.BigAutoField(primary_key=True)
    context = models.ForeignKey(Context, models.CASCADE, related_name="membership_changes")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["context", "person", "id"]),
            models.Index(fields=["context", "id"]),
            models.Index(fields=["changed_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.context_id}"


class GroupSet(models.Model):
    """Groups of one kind in a course: "Lab teams", "Shifts"."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    context = models.ForeignKey(Context, models.CASCADE, related_name="group_sets")
    name = models.CharField(_("name"), max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["context", "name"], name="courses_group_set_name")]

    def __str__(self) -> str:
        return self.name


class Group(models.Model):
    """Some of a course's members, by name; in a set or on its own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    context = models.ForeignKey(Context, models.CASCADE, related_name="groups")
    group_set = models.ForeignKey(
        GroupSet, models.SET_NULL, null=True, blank=True, related_name="groups", verbose_name=_("set")
    )
    name = models.CharField(_("name"), max_length=200)
    members = models.ManyToManyField(Membership, through="GroupEnrollment", related_name="groups")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["context", "name"], name="courses_group_name")]

    def __str__(self) -> str:
        return self.name


class GroupEnrollment(models.Model):
    """A member's place in a group of their course."""

    id = models.BigAutoField(primary_key=True)
    group = models.ForeignKey(Group, models.CASCADE, related_name="enrollments")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="group_enrollments")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "membership"], name="courses_group_member_once")
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} in {self.group_id}"


class ResourceLink(models.Model):
    """A tool's link placed in a context (LTI Core 5.3.5). `id` is the LTI resource link id: stable, never reused."""

    class DocumentTarget(models.TextChoices):
        WINDOW = "window", _("In a window of its own")
        IFRAME = "iframe", _("In our page")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    context = models.ForeignKey(Context, models.PROTECT, related_name="resource_links")
    deployment = models.ForeignKey(Deployment, models.PROTECT, related_name="resource_links")
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    target_link_uri = models.URLField(_("address"), max_length=1000, blank=True)  # empty: the tool's default
    custom_parameters = models.JSONField(default=dict)
    document_target = models.CharField(
        _("shown"), max_length=10, choices=DocumentTarget, default=DocumentTarget.WINDOW
    )
    width = models.PositiveIntegerField(_("width in pixels"), null=True, blank=True)
    height = models.PositiveIntegerField(_("height in pixels"), null=True, blank=True)
    # Learners open it from … until …; they hand in from … until …, which is the tool's to hold.
    available_from = models.DateTimeField(_("open from"), null=True, blank=True)
    available_until = models.DateTimeField(_("open until"), null=True, blank=True)
    submission_from = models.DateTimeField(_("hand in from"), null=True, blank=True)
    submission_until = models.DateTimeField(_("hand in until"), null=True, blank=True)
    copied_from = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="copies")
    history = models.JSONField(default=list, editable=False)  # ids of what this was copied from, latest first
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.title


class Mentorship(models.Model):
    """That someone mentors a learner of the course; told to tools in `role_scope_mentor` (LTI Core 5.4.3)."""

    id = models.BigAutoField(primary_key=True)
    context = models.ForeignKey(Context, models.PROTECT, related_name="mentorships")
    mentor = models.ForeignKey(Person, models.PROTECT, related_name="mentorships")
    learner = models.ForeignKey(Person, models.PROTECT, related_name="mentored_by")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["context", "mentor", "learner"], name="courses_mentor_once"),
            models.CheckConstraint(
                condition=~models.Q(mentor=models.F("learner")), name="courses_mentor_is_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mentor_id} of {self.learner_id}"


class CourseDeployment(models.Model):
    """That a deployment serves one course alone: it opens in no other, and no other's roster or grades are its own."""

    deployment = models.OneToOneField(Deployment, models.PROTECT, primary_key=True, related_name="of_course")
    context = models.ForeignKey(Context, models.PROTECT, related_name="own_deployments")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.deployment} in {self.context}"
