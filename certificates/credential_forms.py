"""Forms about what can be earned."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certificates import defining
from certificates.models import Credential
from lti_platform.people.models import Organization, Person
from lti_platform.people.scoping import scoped
from proctoring.models import Exam

RULE = ("title", "title_es", "code", "course_id", "issuer", "validity", "months", "fixed_date")
Validity = Credential.Validity


class CredentialForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a certificate will say and how long it holds; `today` is the day on which it is asked."""

    class Meta:
        model = Credential
        fields = RULE
        help_texts = {
            "title": _("As it is printed on the certificate."),
            "code": _("Begins every serial number: RHC gives RHC-2027-000412. Capital letters and digits."),
            "course_id": _("The course’s number at the receivers of certificates."),
            "issuer": _("The organization that the certificate names as its issuer."),
            "months": _("Only for “Months from issue”."),
            "fixed_date": _("Only for “Fixed date”: the last day on which it holds."),
        }
        widgets = {
            "validity": forms.RadioSelect,
            "fixed_date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, viewer: Person, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        mine = scoped(Organization.objects.all(), viewer, "manage_courses", organization="id")
        issuers = Organization.objects.filter(Q(pk__in=mine.values("pk")) | Q(pk=self.instance.issuer_id))
        self.fields["issuer"].queryset = issuers.order_by("name")  # type: ignore[attr-defined]
        words = _("Capital letters and digits, with hyphens between them if you like.")
        self.fields["code"].validators.append(RegexValidator(r"^[A-Z0-9]+(-[A-Z0-9]+)*\Z", words))
        self.fields["months"].validators += [MinValueValidator(1), MaxValueValidator(600)]

    def clean(self) -> dict[str, Any]:
        """One rule, whole: what belongs to another rule is dropped."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        validity = cleaned.get("validity")
        if validity != Validity.MONTHS and "months" not in self.errors:
            cleaned["months"] = None
        if validity != Validity.FIXED_DATE and "fixed_date" not in self.errors:
            cleaned["fixed_date"] = None
        if validity == Validity.MONTHS and cleaned.get("months") is None and "months" not in self.errors:
            self.add_error("months", _("Say how many months it holds."))
        if validity == Validity.FIXED_DATE and "fixed_date" not in self.errors:
            self._judge_date(cleaned.get("fixed_date"))
        return cleaned

    def _judge_date(self, last_day: date | None) -> None:
        if last_day is None:
            self.add_error("fixed_date", _("Say until which day it holds."))
        elif last_day < self.today:
            self.add_error("fixed_date", _("This day is over: certificates would be expired when issued."))

    def change(self, *, now: datetime) -> Credential:
        """The credential with its new rule; call it on a valid form."""
        return defining.change(self.instance, now=now, **{name: self.cleaned_data[name] for name in RULE})


class NewCredentialForm(CredentialForm):
    """The exam too: one exam earns one credential."""

    field_order = ["exam", *RULE]
    exam = forms.ModelChoiceField(
        Exam.objects.none(), label=_("Exam"), help_text=_("Who passes it, earns it.")
    )

    def __init__(self, *args: Any, viewer: Person, **kwargs: Any) -> None:
        super().__init__(*args, viewer=viewer, **kwargs)
        exams = scoped(
            Exam.objects.all(), viewer, "manage_courses", organization="context__organization_id"
        ).filter(credential=None)
        self.fields["exam"].queryset = exams.order_by("title", "pk")  # type: ignore[attr-defined]

    def create(self, *, now: datetime) -> Credential:
        """The new credential; call it on a valid form."""
        exam = self.cleaned_data["exam"]
        return defining.define(exam, now=now, **{name: self.cleaned_data[name] for name in RULE})
