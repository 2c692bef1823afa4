"""Forms about a course's details, its members' roles, its links and its own tools."""

import re
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lti_platform.courses.deploying import deployments_for
from lti_platform.courses.models import Context, Membership, ResourceLink
from lti_platform.courses.role_words import role_words
from lti_platform.courses.vocabulary import CONTEXT_ROLES, SUB_ROLES
from lti_platform.people.models import Person, normalised_email
from lti_platform.tools.models import Deployment, Registration

MOMENT = "%Y-%m-%dT%H:%M"
MOST_PIXELS = 10_000
ROLES = [
    (role_words(name), [(name, role_words(name)), *((sub, role_words(sub)) for sub in subs)])
    for name in CONTEXT_ROLES
    for subs in [[f"{name}#{sub}" for sub in SUB_ROLES[name]]]
]


def _moment() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class CourseDetailsForm(forms.ModelForm):  # type: ignore[type-arg]
    """What tools are told of the course; whose it is stays."""

    class Meta:
        model = Context
        fields = (
            *("label", "title", "type", "description", "sourced_id", "offering_sourced_id"),
            *("course_number", "academic_session", "starts_on", "ends_on"),
        )
        widgets = {"starts_on": _day(), "ends_on": _day(), "description": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "sourced_id": _("Tools are told it in “lis”, so that they can match their own records."),
            "offering_sourced_id": _("Only for a section."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day is before the first."))
        return cleaned


class CopyForm(forms.Form):
    """What the copy is called."""

    label = forms.CharField(label=_("Label"), max_length=60)
    title = forms.CharField(label=_("Title"), max_length=200)


class MemberForm(forms.Form):
    """A member's roles; for a mentor, the learners they look after."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=ROLES,
        required=False,
        help_text=_("A sub-role brings its role along. Hold Ctrl or Cmd to choose several."),
        widget=forms.SelectMultiple(attrs={"size": 12}),
    )
    learners = forms.CharField(
        label=_("Mentors these people"),
        required=False,
        help_text=_(
            "Employee ids or e-mails, one a line. Tools are told of them if Mentor is among the roles."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, course: Context, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.course = course

    def clean_learners(self) -> list[Person]:
        """The people named. Everybody must have a place in the course, or nothing is changed."""
        names = [name for name in re.split(r"[\s,;]+", self.cleaned_data["learners"]) if name][:1000]
        emails = [normalised_email(name) for name in names if "@" in name]
        there = Person.objects.filter(
            memberships__context=self.course, memberships__status=Membership.Status.ACTIVE
        )
        found = list(there.filter(Q(employee_id__in=names) | Q(email__in=emails)))
        known = {person.employee_id for person in found} | {person.email for person in found}
        if unknown := [name for name in names if name not in known and normalised_email(name) not in known]:
            raise forms.ValidationError(
                _("Nothing was changed. Not in this course: %(names)s."),
                params={"names": ", ".join(unknown[:20])},
            )
        return found


class LinkForm(forms.ModelForm):  # type: ignore[type-arg]
    """A link's words, how it is shown, and when learners may open it."""

    class Meta:
        model = ResourceLink
        fields = (
            *("title", "description", "document_target", "width", "height"),
            *("available_from", "available_until", "submission_from", "submission_until"),
        )
        widgets = {
            "description": forms.Textarea(attrs={"rows": 3}),
            **{
                name: _moment()
                for name in ("available_from", "available_until", "submission_from", "submission_until")
            },
        }
        help_texts = {
            "available_from": _("Empty: open from now on. Learners are held to it; other roles are not."),
            "submission_from": _("Told to the tool, which holds learners to it."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for name in ("available", "submission"):
            first, last = cleaned.get(f"{name}_from"), cleaned.get(f"{name}_until")
            if first and last and last <= first:
                self.add_error(f"{name}_until", _("The end is before the beginning."))
        for name in ("width", "height"):
            if (cleaned.get(name) or 0) > MOST_PIXELS:
                self.add_error(name, _("No screen is as large."))
        return cleaned


class DeploymentChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Deployments by their tool, and whose they are."""

    def label_from_instance(self, deployment: Deployment) -> str:
        if getattr(deployment, "of_course", None):
            whose = _("this course alone")
        else:
            whose = deployment.organization or _("everybody")  # type: ignore[assignment]
        return f"{deployment.registration.name} ({whose})"


class NewLinkForm(LinkForm):
    """A link of one of the deployments that serve the course."""

    field_order = ("deployment", "title")
    deployment = DeploymentChoice(Deployment.objects.none(), label=_("Tool"))
    target_link_uri = forms.URLField(
        label=_("Address"),
        max_length=1000,
        required=False,
        assume_scheme="https",
        help_text=_("Empty: the tool’s own launch address."),
    )

    class Meta(LinkForm.Meta):
        fields = ("title", "description", "target_link_uri", "document_target")  # type: ignore[assignment]

    def __init__(self, *args: Any, course: Context, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deployment"].queryset = deployments_for(course)  # type: ignore[attr-defined]


class OwnToolForm(forms.Form):
    """A tool that the course gets for itself alone."""

    registration = forms.ModelChoiceField(Registration.objects.none(), label=_("Tool"))

    def __init__(self, *args: Any, tools: QuerySet[Registration], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["registration"].queryset = tools  # type: ignore[attr-defined]
