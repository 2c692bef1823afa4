"""Finding a launch."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lti_platform.courses.models import ResourceLink
from lti_platform.launches.models import Launch
from lti_platform.tools.models import Registration


class LinkChoice(forms.ModelChoiceField):
    """Links by their course and title."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.context.label}: {obj.title}"


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


class LaunchFilter(forms.Form):
    """Words, tool and state; each may be empty."""

    q = forms.CharField(label=_("Reference, person or tool"), required=False, max_length=100)
    tool = forms.ModelChoiceField(
        label=_("Tool"),
        required=False,
        queryset=Registration.objects.order_by("name"),
        empty_label=_("All tools"),
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

    def filters(self) -> dict[str, str]:
        """`words`, `tool` (an id) and `state`; a filter that makes no sense is left out."""
        self.is_valid()
        cleaned: dict[str, Any] = self.cleaned_data
        tool = cleaned.get("tool")
        return {
            "words": cleaned.get("q") or "",
            "tool": str(tool.pk) if tool else "",
            "state": cleaned.get("state") or "",
        }
