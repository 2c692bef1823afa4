"""Filters of the desk's lists, and the verdict."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lti_platform.people.models import Organization, Person
from lti_platform.tools.models import Registration
from proctoring.desk import levels, queueing
from proctoring.evidence.models import Access
from proctoring.models import ReviewCase, Verdict

Cases = QuerySet[ReviewCase]
LEVELS = [("", _("Any")), ("3", _("High")), ("2", _("Medium")), ("1", _("Low"))]
REVIEWERS = [("", _("Anyone")), ("me", _("Me")), ("nobody", _("Nobody yet"))]


class CaseFilter(forms.Form):
    """Which cases: by the candidate's organization and by tool."""

    organization = forms.ModelChoiceField(
        label=_("Organization"), queryset=Organization.objects.none(), required=False, empty_label=_("All")
    )
    tool = forms.ModelChoiceField(
        label=_("Tool"), queryset=Registration.objects.none(), required=False, empty_label=_("All")
    )

    def __init__(self, *args: Any, viewer: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        self.fields["organization"].queryset = queueing.organizations(viewer)  # type: ignore[attr-defined]
        self.fields["tool"].queryset = queueing.tools(viewer)  # type: ignore[attr-defined]

    def matching(self, cases: Cases) -> Cases:
        """Those that fit; a filter that cannot be read is left out."""
        self.is_valid()
        chosen = self.cleaned_data
        if chosen.get("organization"):
            cases = cases.filter(**{queueing.ORGANIZATION: chosen["organization"]})
        if chosen.get("tool"):
            cases = cases.filter(**{queueing.TOOL: chosen["tool"]})
        return cases

    @property
    def is_narrow(self) -> bool:
        """Whether anything was chosen that can be read."""
        self.is_valid()
        return any(self.cleaned_data.values())


class QueueFilter(CaseFilter):
    """Also by severity and by who has it."""

    severity = forms.ChoiceField(label=_("Severity"), choices=LEVELS, required=False)
    reviewer = forms.ChoiceField(label=_("Reviewer"), choices=REVIEWERS, required=False)

    def matching(self, cases: Cases) -> Cases:
        cases = super().matching(cases)
        if level := self.cleaned_data.get("severity"):
            cases = cases.filter(levels.within(int(level)))
        owners = {"me": Q(assigned_to=self.viewer), "nobody": Q(assigned_to=None)}
        return cases.filter(owners.get(self.cleaned_data.get("reviewer", ""), Q()))


class DecidedFilter(CaseFilter):
    """Also by verdict, by who signed, and by case number or name."""

    q = forms.CharField(label=_("Case number or name"), required=False)
    outcome = forms.ChoiceField(
        label=_("Verdict"), choices=[("", _("Any")), *Verdict.Outcome.choices], required=False
    )
    reviewer = forms.ChoiceField(label=_("Signed by"), choices=REVIEWERS[:2], required=False)
    field_order = ["q", "organization", "tool", "outcome", "reviewer"]

    def matching(self, cases: Cases) -> Cases:
        cases = super().matching(cases)
        for word in self.cleaned_data.get("q", "").split():
            cases = cases.filter(_named(word))
        signed: dict[str, Any] = {}
        if outcome := self.cleaned_data.get("outcome"):
            signed["verdicts__outcome"] = outcome
        if self.cleaned_data.get("reviewer"):
            signed["verdicts__reviewer"] = self.viewer
        return cases.filter(**signed).distinct() if signed else cases


class VerdictForm(forms.Form):
    """`sure` comes from the second look that a verdict against the candidate takes."""

    outcome = forms.ChoiceField(choices=Verdict.Outcome.choices)
    note = forms.CharField(required=False, max_length=4000)
    sure = forms.BooleanField(required=False)


class ReasonForm(forms.Form):
    """Why somebody watches a case that is decided."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[choice for choice in Access.Reason.choices if choice[0] != Access.Reason.FIRST_REVIEW],
    )


def _named(word: str) -> Q:
    name = Q(attempt__person__given_name__icontains=word) | Q(attempt__person__family_name__icontains=word)
    return (
        name | Q(attempt__case_number=int(word))
        if word.isascii() and word.isdigit() and len(word) < 19
        else name
    )
