"""Forms of the compliance officer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from proctoring.evidence.models import Access


class Search(forms.Form):
    @property
    def is_narrow(self) -> bool:
        """Whether anything was asked for, be it nothing that can be understood."""
        return not self.is_valid() or any(self.cleaned_data.values())


class FileSearch(Search):
    q = forms.CharField(label=_("Person, case or certificate"), required=False, max_length=200)
    exam = forms.CharField(label=_("Exam"), required=False, max_length=200)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))


class RegisterSearch(Search):
    q = forms.CharField(label=_("Person, credential or number"), required=False, max_length=200)
    standing = forms.ChoiceField(
        label=_("Standing"),
        required=False,
        choices=[("", _("Any")), ("valid", _("Valid")), ("expired", _("Expired")), ("revoked", _("Revoked"))],
    )


class RecordSearch(forms.Form):
    fact = forms.CharField(required=False, max_length=80)


class PlayForm(forms.Form):
    item = forms.UUIDField()


class ReasonForm(forms.Form):
    """Why evidence is opened: kept with who and when."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[
            (value, label) for value, label in Access.Reason.choices if value != Access.Reason.FIRST_REVIEW
        ],
    )
    case_reference = forms.CharField(label=_("Case or request number"), max_length=200)


class RevocationForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("Kept for good. Receivers are told that the certificate is revoked, not why."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
