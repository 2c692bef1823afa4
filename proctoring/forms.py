"""Forms about exams."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lti_platform.courses.models import Context
from lti_platform.launches.vocabulary import RESOURCE_LINK_REQUEST, START_PROCTORING
from lti_platform.people.models import Person
from lti_platform.people.scoping import scoped
from lti_platform.tools.models import Deployment
from proctoring import exams
from proctoring.models import Exam

RULES = (
    "title",
    "title_es",
    "minutes",
    "questions",
    "pass_mark_percent",
    "attempts_allowed",
    "wait_minutes",
    "opens_at",
    "closes_at",
    "review_policy",
    "retention_class",
    "proctoring_settings",
    "is_published",
)


def courses_of(viewer: Person) -> QuerySet[Context]:
    """The courses in which the viewer may make exams."""
    courses = Context.objects.select_related("organization")
    return scoped(courses, viewer, "manage_courses", organization="organization_id")


class DeploymentField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A tool where it is deployed, told by its name and for whom."""

    def label_from_instance(self, obj: Any) -> str:
        whose = obj.organization.name if obj.organization else _("the whole platform")
        return f"{obj.registration.name} ({whose})"


class RulesForm(forms.ModelForm):  # type: ignore[type-arg]
    """The rules of an exam."""

    class Meta:
        model = Exam
        fields = RULES
        help_texts = {
            "wait_minutes": _("0: the next attempt may follow at once."),
            "proctoring_settings": _("Sent to the proctoring tool as it is."),
            "is_published": _("Learners of the course can see it."),
            "opens_at": _("Empty: open from now on."),
            "closes_at": _("Empty: open without end."),
        }
        widgets = {
            "opens_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            "closes_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("minutes", "questions", "attempts_allowed"):
            self.fields[name].validators.append(MinValueValidator(1))
        limits = [
            MinValueValidator(0),
            MaxValueValidator(100),
        ]
        self.fields["pass_mark_percent"].validators += limits

    def is_missing(self, name: str) -> bool:
        """Whether a choice has nothing to choose from."""
        return not self.fields[name].queryset.exists()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("The exam must close after it opens."))
        return cleaned

    def change(self, *, now: datetime) -> Exam:
        """The exam with its new rules; call it on a valid form."""
        return exams.change(self.instance, now=now, **{name: self.cleaned_data[name] for name in RULES})


class NewExamForm(RulesForm):
    """A new exam: the course, its two tools, and the rules."""

    field_order = ["context", "assessment", "proctoring", *RULES]
    context = forms.ModelChoiceField(Context.objects.none(), label=_("Course"))
    assessment = DeploymentField(
        Deployment.objects.none(),
        label=_("Assessment tool"),
        help_text=_("Asks the questions and sends the score."),
    )
    proctoring = DeploymentField(
        Deployment.objects.none(),
        label=_("Proctoring tool"),
        help_text=_("Checks people in and records them."),
    )

    def __init__(self, *args: Any, viewer: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.courses = courses_of(viewer)
        self._offer("context", self.courses)
        self._offer("assessment", self.deployments(RESOURCE_LINK_REQUEST))
        self._offer("proctoring", self.deployments(START_PROCTORING))

    def _offer(self, name: str, rows: QuerySet[Any]) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def deployments(self, message_type: str) -> QuerySet[Deployment]:
        """Enabled deployments for everybody or the viewer's organizations, of tools that take this message."""
        organizations = self.courses.order_by().values("organization_id")
        rows = Deployment.objects.filter(
            Q(organization=None) | Q(organization__in=organizations),
            is_enabled=True,
            registration__is_enabled=True,
        ).select_related("registration", "organization")
        able = [row.pk for row in rows if row.registration.supports(message_type)]
        return rows.filter(pk__in=able).order_by("registration__name", "pk")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        course = cleaned.get("context")
        for name in ("assessment", "proctoring"):
            deployment = cleaned.get(name)
            if course and deployment and deployment.organization_id not in (None, course.organization_id):
                self.add_error(name, _("This tool is deployed for another organization than the course’s."))
        return cleaned

    def create(self, *, now: datetime) -> Exam:
        """The new exam, with its links and line item; call it on a valid form."""
        return exams.create(now=now, **self.cleaned_data)
