"""Forms about people, offering only what the administrator may give."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from lti_platform.people.models import Organization, Person, RoleGrant, Site
from lti_platform.people.roles import grants_of
from lti_platform.people.scoping import scoped


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    """A person's own data; the e-mail is a way to sign in, the employee id is who they are."""

    class Meta:
        model = Person
        fields = [
            "given_name", "family_name", "employee_id", "email", "locale", "kind", "organization", "site",
            "job_role", "status", "contract_start", "contract_end",
        ]  # fmt: skip
        widgets = {
            "contract_start": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "contract_end": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, viewer: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organizations = scoped(
            Organization.objects.order_by("name"), viewer, "manage_people", organization="id"
        )
        self.fields["organization"].queryset = organizations  # type: ignore[attr-defined]
        self.fields["organization"].required = True
        self.fields["site"].queryset = Site.objects.select_related("organization")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        start, end = values.get("contract_start"), values.get("contract_end")
        if start and end and end < start:
            self.add_error("contract_end", _("The contract ends before it starts."))
        return values


class FirstPasswordForm(forms.Form):
    password = forms.CharField(
        label=_("First password"),
        required=False,
        min_length=10,
        help_text=_("At least 10 characters. Leave empty if the person signs in another way."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        """`person` is whose password it becomes, not saved yet: it must not resemble what they are called."""
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        if password:
            validate_password(password, user=self.person)
        return password


class RoleForm(forms.ModelForm):  # type: ignore[type-arg]
    """A role for the platform or one organization; only a platform administrator may grant for the platform."""

    class Meta:
        model = RoleGrant
        fields = ["role", "organization"]

    def __init__(self, *args: Any, viewer: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organization"]
        field.queryset = scoped(  # type: ignore[attr-defined]
            Organization.objects.order_by("name"), viewer, "manage_people", organization="id"
        )
        field.required = grants_of(viewer).organizations("manage_people") is not None
        field.label = _("For")
        field.empty_label = _("The whole platform")  # type: ignore[attr-defined]


class PersonFilter(forms.Form):
    q = forms.CharField(label=_("Name, e-mail or employee id"), required=False)
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Any")), *Person.Status.choices]
    )
