"""What an admin fills in: where to register, whom to let register, and what a tool gets."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lti_platform.tools import web_addresses
from lti_platform.tools.describing import WORDS
from lti_platform.tools.dynamic import asking, comparing, deciding, links
from lti_platform.tools.dynamic.deciding import Grant
from lti_platform.tools.forms import MESSAGE_WORDS, OwnedForm, PrivateForm
from lti_platform.tools.models import Registration
from lti_platform.tools.scopes import LABELS

LIFETIMES = {"hour": links.SHORT, "week": links.LONG}


def judged_address(value: str) -> str:
    """The address of a tool's registration page. Raises ValidationError."""
    if code := web_addresses.fault(value):
        raise forms.ValidationError(_("The address %(why)s."), params={"why": WORDS[code]})
    return value


class OpenRegistrationForm(OwnedForm):
    """The tool's own registration page, which we open."""

    field_order = ["tool_url", "organization"]
    tool_url = forms.CharField(
        label=_("The tool’s registration address"),
        help_text=_("The vendor calls it dynamic registration address or registration URL."),
        max_length=1000,
    )

    def clean_tool_url(self) -> str:
        """The address, exact."""
        return judged_address(self.cleaned_data["tool_url"])


class InvitationForm(OwnedForm):
    """A link for a vendor who registers without us sitting beside."""

    field_order = ["note", "lifetime", "organization"]
    note = forms.CharField(label=_("Who gets it"), max_length=200)
    lifetime = forms.ChoiceField(
        label=_("Good for"),
        choices=[("hour", _("One hour")), ("week", _("Seven days, for a link sent by mail"))],
        initial="hour",
    )

    @property
    def lasting(self) -> timedelta:
        """How long the link is good."""
        return LIFETIMES[self.cleaned_data["lifetime"]]


class VendorForm(forms.Form):
    """Where the vendor's tool registers; the vendor says so on our page."""

    tool_url = forms.CharField(label=_("Your tool’s registration address"), max_length=1000)

    def clean_tool_url(self) -> str:
        """The address, exact."""
        return judged_address(self.cleaned_data["tool_url"])


class GrantForm(PrivateForm):
    """What the tool gets of what it asks for; `seen` holds it to what the page showed."""

    field_order = ["scopes", "messages", "privacy"]
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    scopes = forms.MultipleChoiceField(label=_("It may"), required=False, widget=forms.CheckboxSelectMultiple)
    messages = forms.MultipleChoiceField(label=_("Messages it gets"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, registration: Registration, **kwargs: Any) -> None:
        kwargs["initial"] = suggested(registration)
        super().__init__(*args, **kwargs)
        asked = comparing.values_asked(registration)
        scopes = [(scope, LABELS[scope]) for scope in asked["scopes"] if scope in LABELS]
        types = list(dict.fromkeys(message["type"] for message in asked["messages"]))
        self.fields["scopes"].choices = scopes  # type: ignore[attr-defined]
        self.fields["messages"].choices = [(kind, MESSAGE_WORDS.get(kind, kind)) for kind in types]  # type: ignore[attr-defined]
        if not scopes:
            del self.fields["scopes"]

    @property
    def grant(self) -> Grant:
        """The decision of a valid form."""
        values = self.cleaned_data
        return Grant(scopes=values.get("scopes", []), messages=values["messages"], privacy=values["privacy"])


class ActivationForm(GrantForm, OwnedForm):
    """The first decision also says for whom the tool is deployed."""

    field_order = ["scopes", "messages", "privacy", "organization"]


def suggested(registration: Registration) -> dict[str, Any]:
    """What a tool asks for is offered; what was withheld before stays withheld."""
    after, is_new = comparing.values_asked(registration), registration.state == Registration.State.PENDING
    decided = {} if is_new else registration.asked
    withheld = set(decided.get("scopes", [])) - set(registration.scopes)
    had = {message["type"] for message in registration.messages}
    refused = {message["type"] for message in decided.get("messages", [])} - had
    types = dict.fromkeys(message["type"] for message in after["messages"])
    return {
        "seen": deciding.fingerprint(registration),
        "scopes": [scope for scope in after["scopes"] if scope not in withheld],
        "messages": [kind for kind in types if kind not in refused],
        "privacy": asking.suggested_privacy(registration.asked) if is_new else registration.privacy,
        "organization": registration.organization_id,
    }
