"""Registering a tool by hand or from its JSON: both end in the same description, judged by the same rules."""

import json
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from keys.errors import PemMalformed, PrivateKeyPasted
from keys.jose import json_object
from lti_platform.people.models import Organization, Person
from lti_platform.tools import overseeing, registering
from lti_platform.tools.describing import MAX_NAME, MESSAGE_TYPES, TOOL_CONFIGURATION, describe
from lti_platform.tools.describing_more import NAMED_ADDRESSES
from lti_platform.tools.errors import RegistrationRefused
from lti_platform.tools.models import Registration
from lti_platform.tools.pasted_keys import from_pem
from lti_platform.tools.scopes import LABELS

# Fields of a dynamic-registration request that the form calls otherwise.
FORM_FIELDS = {"client_name": "name", "domain": "domains", "secondary_domains": "domains"}
MESSAGE_WORDS = {
    "LtiResourceLinkRequest": _("Open a link (LtiResourceLinkRequest)"),
    "LtiDeepLinkingRequest": _("Pick content (LtiDeepLinkingRequest)"),
    "LtiStartProctoring": _("Start proctoring (LtiStartProctoring)"),
    "LtiEndAssessment": _("End of the exam (LtiEndAssessment)"),
    "LtiSubmissionReviewRequest": _("Show what was handed in (LtiSubmissionReviewRequest)"),
    "LtiEulaRequest": _("Its terms (LtiEulaRequest)"),
    "LtiDataPrivacyLaunchRequest": _("What it keeps of people (LtiDataPrivacyLaunchRequest)"),
    "DataPrivacyLaunchRequest": _("The same by its other name (DataPrivacyLaunchRequest)"),
}


class OwnedForm(forms.Form):
    """The organization a tool or deployment is for: theirs to choose from; none only for platform admins."""

    organization = forms.ModelChoiceField(
        Organization.objects.none(), label=_("For whom"), required=False, empty_label=_("The whole platform")
    )

    def __init__(self, *args: Any, viewer: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organization"]
        field.queryset = overseeing.organizations(viewer)  # type: ignore[attr-defined]
        field.required = not overseeing.is_for_whole_platform(viewer)
        if field.required:
            field.empty_label = None  # type: ignore[attr-defined]


class PrivateForm(forms.Form):
    privacy = forms.ChoiceField(
        label=_("What the tool learns of people"),
        choices=Registration.Privacy.choices,
        initial=Registration.Privacy.PUBLIC,
    )


class PastedToolForm(OwnedForm, PrivateForm):
    """The JSON a vendor sent: a dynamic-registration request."""

    field_order = ["registration", "privacy", "organization"]
    registration = forms.CharField(
        label=_("Registration JSON"),
        help_text=_("What the vendor calls tool configuration or dynamic registration."),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        max_length=100_000,
    )

    def clean_registration(self) -> dict[str, Any]:
        """The JSON as a request whose description holds; each problem with its field's name."""
        try:
            request = json_object(self.cleaned_data["registration"].encode())
        except ValueError as error:
            raise forms.ValidationError(_("This is not one JSON object.")) from error
        try:
            describe(request)
        except RegistrationRefused as error:
            found = [f"{problem.field.rpartition('/')[2]} {problem.message}." for problem in error.problems]
            raise forms.ValidationError(found) from error
        return request

    def register(self, *, now: datetime) -> Registration:
        """The new tool; call it on a valid form."""
        return registering.register(
            self.cleaned_data["registration"],
            now=now,
            privacy=self.cleaned_data["privacy"],
            organization=self.cleaned_data["organization"],
        )


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "spellcheck": "false"})


class ToolForm(PrivateForm):
    """A tool's description field by field; lists are one a line."""

    field_order = ["name", "description"]
    name = forms.CharField(label=_("Name"), max_length=MAX_NAME)
    description = forms.CharField(label=_("Description"), required=False, max_length=1000)
    domains = forms.CharField(
        label=_("Domains"),
        help_text=_("Host names of the tool, one a line, its main one first."),
        widget=_lines(2),
    )
    initiate_login_uri = forms.CharField(label=_("Login address"))
    redirect_uris = forms.CharField(
        label=_("Redirect addresses"),
        help_text=_("Exactly as the tool sends them, one a line."),
        widget=_lines(3),
    )
    target_link_uri = forms.CharField(label=_("Launch address"))
    jwks_uri = forms.CharField(label=_("Key set address"), required=False)
    jwks = forms.CharField(
        label=_("Or its key set"),
        help_text=_("The JSON of its public keys, or one public key as PEM."),
        required=False,
        widget=_lines(4),
    )
    messages = forms.MultipleChoiceField(
        label=_("Messages it takes"),
        choices=[(name, MESSAGE_WORDS[name]) for name in MESSAGE_TYPES],
        initial=[MESSAGE_TYPES[0]],
        widget=forms.CheckboxSelectMultiple,
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=list(LABELS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    custom_parameters = forms.CharField(
        label=_("Custom parameters"), help_text=_("name=value, one a line."), required=False, widget=_lines(3)
    )

    def __init__(self, *args: Any, registration: Registration | None = None, **kwargs: Any) -> None:
        if registration:
            kwargs["initial"] = shown(registration)
        super().__init__(*args, **kwargs)
        self.known_messages = {item["type"]: item for item in registration.messages} if registration else {}
        # What only the tool itself says of itself stays as it said it.
        names = (*NAMED_ADDRESSES, "contacts") if registration else ()
        self.unshown = {name: getattr(registration, name) for name in names}

    def clean_jwks(self) -> Any:
        """The pasted key set as JSON, or nothing. A public key as PEM becomes a set of one."""
        text = self.cleaned_data["jwks"].strip()
        try:
            if text.startswith("-----BEGIN"):
                return from_pem(text)
            return json_object(text.encode()) if text else None
        except PrivateKeyPasted as error:
            raise forms.ValidationError(_("This is a private key. Send the public one.")) from error
        except PemMalformed as error:
            raise forms.ValidationError(_("This PEM holds no public RSA key we can use.")) from error
        except ValueError as error:
            raise forms.ValidationError(_("This is not one JSON object.")) from error

    def clean(self) -> dict[str, Any]:
        """Holds the description to the rules of a registration; each problem goes to its field."""
        values = super().clean() or self.cleaned_data
        if self.errors:
            return values
        try:
            describe(self.request())
        except RegistrationRefused as error:
            for problem in error.problems:
                name = FORM_FIELDS.get(problem.field, problem.field)
                self.add_error(name if name in self.fields else None, str(problem.message))
        return values

    def request(self) -> dict[str, Any]:
        """The fields as the dynamic-registration request they stand for."""
        values = self.cleaned_data
        domains = values["domains"].split()
        pairs = [line.partition("=") for line in values["custom_parameters"].splitlines() if line.strip()]
        return {
            "application_type": "web",
            "response_types": ["id_token"],
            "token_endpoint_auth_method": "private_key_jwt",
            "client_name": values["name"],
            "initiate_login_uri": values["initiate_login_uri"],
            "redirect_uris": values["redirect_uris"].split(),
            "jwks_uri": values["jwks_uri"],
            "jwks": values["jwks"],
            "scope": " ".join(values["scopes"]),
            **self.unshown,
            TOOL_CONFIGURATION: {
                "domain": domains[0],
                "secondary_domains": domains[1:],
                "target_link_uri": values["target_link_uri"],
                "description": values["description"],
                "custom_parameters": {name: value for name, _equals, value in pairs},
                "messages": [self.known_messages.get(name, {"type": name}) for name in values["messages"]],
            },
        }

    def amend(self, registration: Registration, *, now: datetime) -> list[str]:
        """Gives the tool this description; the names of what changed. Call it on a valid form."""
        values = self.cleaned_data
        return registering.amend(
            registration, self.request(), now=now, scopes=values["scopes"], privacy=values["privacy"]
        )


class NewToolForm(ToolForm, OwnedForm):
    def register(self, *, now: datetime) -> Registration:
        """The new tool; call it on a valid form."""
        values = self.cleaned_data
        return registering.register(
            self.request(),
            now=now,
            scopes=values["scopes"],
            privacy=values["privacy"],
            organization=values["organization"],
        )


def shown(registration: Registration) -> dict[str, Any]:
    """A registration as the initial values of `ToolForm`."""
    names = ("name", "description", "initiate_login_uri", "target_link_uri", "jwks_uri", "scopes", "privacy")
    parameters = [f"{name}={value}" for name, value in registration.custom_parameters.items()]
    return {
        **{name: getattr(registration, name) for name in names},
        "domains": "\n".join(registration.domains),
        "redirect_uris": "\n".join(registration.redirect_uris),
        "jwks": json.dumps(registration.jwks, indent=2) if registration.jwks else "",
        "messages": [item["type"] for item in registration.messages],
        "custom_parameters": "\n".join(parameters),
    }


class RevokeForm(forms.Form):
    """Why a key of ours is withdrawn, for the record."""

    reason = forms.CharField(
        label=_("Why"), help_text=_("Kept in the record beside your name."), max_length=500
    )
