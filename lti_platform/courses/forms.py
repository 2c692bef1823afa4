"""Forms about courses and who is in them."""

import re
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lti_platform.courses.models import Context
from lti_platform.people.models import Organization, Person, normalised_email
from lti_platform.people.scoping import scoped

ROLES = [("Learner", _("Learner")), ("Instructor", _("Instructor"))]


class CourseForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Context
        fields = ["organization", "label", "title"]

    def __init__(self, *args: Any, viewer: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = scoped(  # type: ignore[attr-defined]
            Organization.objects.order_by("name"), viewer, "manage_courses", organization="id"
        )


class EnrolForm(forms.Form):
    """Several people at once: a column copied from a spreadsheet is enough."""

    people = forms.CharField(
        label=_("Employee ids or e-mails"),
        help_text=_("One a line, or separated by commas. Paste a column of a spreadsheet."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    role = forms.ChoiceField(label=_("As"), choices=ROLES)

    def __init__(self, *args: Any, viewer: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer

    def clean_people(self) -> list[Person]:
        """The people named. Every name must be known to the viewer, or none is enrolled."""
        names = [name for name in re.split(r"[\s,;]+", self.cleaned_data["people"]) if name][:1000]
        emails = [normalised_email(name) for name in names if "@" in name]
        found = scoped(
            Person.objects.all(), self.viewer, "manage_people", organization="organization_id"
        ).filter(Q(employee_id__in=names) | Q(email__in=emails))
        known = {person.employee_id for person in found} | {person.email for person in found}
        unknown = [name for name in names if name not in known and normalised_email(name) not in known]
        if unknown:
            raise forms.ValidationError(
                _("Nobody was enrolled. We don't know: %(names)s."), params={"names": ", ".join(unknown[:20])}
            )
        return list(found)
