"""Finding a launch."""

from collections import Counter
from collections.abc import Set
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lti_platform.courses.models import ResourceLink
from lti_platform.launches.models import Launch
from lti_platform.people.models import Organization
from lti_platform.tools.models import Registration


class LinkChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    """Links by their course and title."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.context.label}: {obj.title}"


class ToolChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    """Tools by name; those that share one, with the beginning of the client id."""

    doubled: Set[str] = frozenset()

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.client_id[:8]})" if obj.name in self.doubled else str(obj.name)


class TryForm(forms.Form):
    """Which link to try, and as whom."""

    link = LinkChoice(label=_("Link"), queryset=ResourceLink.objects.none(), empty_label=None)
    pretends = forms.ChoiceField(
        label=_("As"),
        choices=Launch.Pretence.choices,
        initial=Launch.Pretence.LEARNER,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, links: QuerySet[ResourceLink], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        link: Any = self.fields["link"]
        link.queryset = links


class TrialForm(forms.Form):
    """Whose course is made to try a tool in."""

    organization = forms.ModelChoiceField(
        label=_("A course of"), queryset=Organization.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, organizations: QuerySet[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organization"]
        field.queryset = organizations


class LaunchFilter(forms.Form):
    """Words, tool, state, rule and days; each may be empty."""

    q = forms.CharField(label=_("Reference, person or tool"), required=False, max_length=100)
    tool = ToolChoice(
        label=_("Tool"), required=False, queryset=Registration.objects.none(), empty_label=_("All tools")
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("All states")),
            (Launch.State.STARTED, _("Started")),
            (Launch.State.SENT, _("Sent")),
            (Launch.State.REFUSED, _("Stopped")),
        ],
    )

    rule = forms.CharField(label=_("Rule"), required=False, max_length=80)
    first = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, tools: QuerySet[Registration], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tool: Any = self.fields["tool"]
        tool.queryset = tools
        names = Counter(tools.values_list("name", flat=True))
        tool.doubled = {name for name, count in names.items() if count > 1}

    def filters(self) -> dict[str, Any]:
        """`words`, `tool` (an id), `state`, `rule`, `since` and `before`; one that makes no sense is left out."""
        self.is_valid()
        cleaned: dict[str, Any] = self.cleaned_data
        tool = cleaned.get("tool")
        return {
            "words": cleaned.get("q") or "",
            "tool": str(tool.pk) if tool else "",
            "state": cleaned.get("state") or "",
            "rule": (cleaned.get("rule") or "").strip(),
            "since": midnight(cleaned.get("first"), days=0),
            "before": midnight(cleaned.get("last"), days=1),
        }


def midnight(day: date | None, *, days: int) -> datetime | None:
    """The beginning of the day so many days later, on our clock; None without a day, or beyond all calendars."""
    try:
        return timezone.make_aware(datetime.combine(day + timedelta(days=days), time())) if day else None
    except OverflowError:
        return None
