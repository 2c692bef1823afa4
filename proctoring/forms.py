"""Forms about exams."""

import json
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
    "identity_policy",
    "retention_class",
    "started_by",
    "proctoring_settings",
    "vendor_settings",
    "is_published",
)
LONGEST_VENDOR_SETTINGS = 4000  # characters of JSON; the claim travels in every launch
Kind = Exam.Kind
KINDS = {
    Kind.TWO_TOOLS: _(
        "Two tools; the proctoring tool speaks Proctoring Services. It checks people in, starts the exam and is told "
        "of its end."
    ),
    Kind.LINKED: _(
        "Two tools; the proctoring tool knows only ordinary links. It is opened like any tool; flags come by the flag "
        "service."
    ),
    Kind.ONE_TOOL: _(
        "One tool asks the questions and proctors. It opens in its own window, and the clock runs from then on."
    ),
}
# What a tool must take to be an exam's proctoring tool, by the exam's kind.
NEEDED = {Kind.TWO_TOOLS: START_PROCTORING, Kind.LINKED: RESOURCE_LINK_REQUEST}


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
            "proctoring_settings": _(
                "Sent to the proctoring tool as it is, when the exam starts and when it ends. Its vendor says what it "
                "reads, such as video=on,audio=on."
            ),
            "vendor_settings": _(
                "A JSON object of names that the vendor defines, sent beside those. Leave it empty unless you were "
                "given one."
            ),
            "identity_policy": _(
                "What follows when the name the proctoring tool verified is not the one we have. Only tools that speak "
                "Proctoring Services say a name; with others “hold” means that a person clears every result."
            ),
            "started_by": _("Only for proctoring tools that know nothing but ordinary links."),
            "is_published": _("Learners of the course can see it."),
            "opens_at": _("Empty: open from now on."),
            "closes_at": _("Empty: open without end."),
        }
        widgets = {
            "vendor_settings": forms.Textarea(attrs={"rows": 3}),
            "opens_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            "closes_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding and self.instance.kind != Kind.LINKED:
            del self.fields["started_by"]
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

    def clean_vendor_settings(self) -> dict[str, Any]:
        """An object, whose members are not the one that the field above fills."""
        told = self.cleaned_data["vendor_settings"] or {}
        if not isinstance(told, dict) or len(json.dumps(told)) > LONGEST_VENDOR_SETTINGS:
            raise forms.ValidationError(_("Give a JSON object, not too long."))
        if "data" in told:
            raise forms.ValidationError(_("Put what belongs into “data” into the field above."))
        return told

    def change(self, *, now: datetime) -> Exam:
        """The exam with its new rules; call it on a valid form."""
        rules = {name: value for name, value in self.cleaned_data.items() if name in RULES}
        return exams.change(self.instance, now=now, **rules)


class NewExamForm(RulesForm):
    """A new exam: the course, its two tools, and the rules."""

    field_order = ["context", "kind", "assessment", "proctoring", *RULES]
    context = forms.ModelChoiceField(Context.objects.none(), label=_("Course"))
    kind = forms.ChoiceField(
        label=_("How it is proctored"),
        choices=list(KINDS.items()),
        widget=forms.RadioSelect,
        initial=Kind.TWO_TOOLS,
        help_text=_("This cannot be changed later."),
    )
    assessment = DeploymentField(
        Deployment.objects.none(),
        label=_("Assessment tool"),
        help_text=_("Asks the questions and sends the score."),
    )
    proctoring = DeploymentField(
        Deployment.objects.none(),
        label=_("Proctoring tool"),
        help_text=_("Checks people in and records them. Leave it empty if one tool does everything."),
        required=False,
    )

    def __init__(self, *args: Any, viewer: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.courses = courses_of(viewer)
        self._offer("context", self.courses)
        self._offer("assessment", self.deployments(RESOURCE_LINK_REQUEST))
        self._offer("proctoring", self.deployments(START_PROCTORING, RESOURCE_LINK_REQUEST))

    def _offer(self, name: str, rows: QuerySet[Any]) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def deployments(self, *message_types: str) -> QuerySet[Deployment]:
        """Enabled deployments for everybody or the viewer's organizations, of tools that take one of the messages."""
        organizations = self.courses.order_by().values("organization_id")
        rows = Deployment.objects.filter(
            Q(organization=None) | Q(organization__in=organizations),
            is_enabled=True,
            registration__is_enabled=True,
        ).select_related("registration", "organization")
        able = [row.pk for row in rows if any(map(row.registration.supports, message_types))]
        return rows.filter(pk__in=able).order_by("registration__name", "pk")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        course = cleaned.get("context")
        for name in ("assessment", "proctoring"):
            deployment = cleaned.get(name)
            if course and deployment and deployment.organization_id not in (None, course.organization_id):
                self.add_error(name, _("This tool is deployed for another organization than the course’s."))
        if cleaned.get("kind") in Kind and "proctoring" not in self.errors:
            self._judge_proctoring(cleaned.get("proctoring"), kind=Kind(cleaned["kind"]))
        return cleaned

    def _judge_proctoring(self, deployment: Deployment | None, *, kind: Exam.Kind) -> None:
        """The tool must fit the kind of exam: there must be one, of the needed message, or none."""
        needed = NEEDED.get(kind)
        if needed is None and deployment is not None:
            self.add_error(
                "proctoring", _("One tool does everything: leave this empty, or choose another kind.")
            )
        elif needed and deployment is None:
            self.add_error("proctoring", _("Choose the tool that proctors."))
        elif needed and deployment and not deployment.registration.supports(needed):
            words = _("This tool does not take the message %(message)s. Choose another tool or another kind.")
            self.add_error("proctoring", words % {"message": needed})

    def create(self, *, now: datetime) -> Exam:
        """The new exam, with its links and line item; call it on a valid form."""
        return exams.create(now=now, **self.cleaned_data)
