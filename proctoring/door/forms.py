"""The form about another platform."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lti_platform.people.models import Organization, Person
from lti_platform.people.scoping import scoped
from lti_platform.tools import web_addresses
from lti_platform.web.https_field import HttpsField
from proctoring.door.models import OtherPlatform

ADDRESSES = ("authorization_endpoint", "token_endpoint", "key_set_url")
LONGEST = 255


class OtherPlatformForm(forms.ModelForm):  # type: ignore[type-arg]
    """Its addresses are judged when they are given, and again whenever we ask them."""

    deployment_ids = forms.CharField(
        label=_("Deployment ids"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line. A launch from another deployment is refused."),
    )

    class Meta:
        model = OtherPlatform
        fields = [
            "name",
            "organization",
            "issuer",
            "client_id",
            "deployment_ids",
            "authorization_endpoint",
            "token_endpoint",
            "token_audience",
            "key_set_url",
            "named_by",
            "makes_people",
            "is_enabled",
        ]
        field_classes = dict.fromkeys(ADDRESSES, HttpsField)

    def __init__(self, *args: Any, viewer: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organizations = Organization.objects.order_by("name")
        field = self.fields["organization"]
        field.queryset = scoped(organizations, viewer, "manage_tools", organization="id")  # type: ignore[attr-defined]
        field.help_text = _("Whose roster its people are matched with, and whose exams it may open.")
        self.fields["issuer"].help_text = _("Exactly as the other side gives it, to the last slash.")
        self.fields["token_audience"].help_text = _("Leave empty unless the other side names one.")
        self.fields["named_by"].help_text = _("Where its launches say the employee id of your roster.")
        self.fields["makes_people"].help_text = _("Otherwise only people who are on the roster come in.")
        if self.instance.deployment_ids:
            self.initial["deployment_ids"] = "\n".join(self.instance.deployment_ids)

    def clean_deployment_ids(self) -> list[str]:
        found = list(dict.fromkeys(self.cleaned_data["deployment_ids"].split()))
        if any(len(one) > LONGEST or not one.isascii() for one in found):
            raise forms.ValidationError(_("A deployment id has at most 255 plain characters."))
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ADDRESSES:
            address = cleaned.get(name, "")
            if address and (web_addresses.fault(address) or web_addresses.leads_inside(address)):
                self.add_error(
                    name, _("We may not ask this address: it has to be HTTPS, and not inside a network.")
                )
        return cleaned
