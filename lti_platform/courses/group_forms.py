"""Forms about the groups of a course."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lti_platform.courses.grouping import candidates
from lti_platform.courses.models import Context, GroupEnrollment, Membership
from lti_platform.people.models import normalised_email

MOST_AT_ONCE = 1000


class GroupForm(forms.Form):
    """A new group, in a set or on its own."""

    name = forms.CharField(label=_("Name of the group"), max_length=200)
    set_name = forms.CharField(
        label=_("Set"),
        max_length=200,
        required=False,
        help_text=_("Groups of one kind share a set, such as “Shifts”. Leave empty for none."),
    )


class GroupMembersForm(forms.Form):
    """Who is in the group: the whole list, one a line, as for enrolling."""

    members = forms.CharField(
        label=_("Employee ids or e-mails"),
        required=False,
        help_text=_("One a line, or separated by commas. Who is not in the list leaves the group."),
        widget=forms.Textarea(attrs={"rows": 12}),
    )

    def __init__(self, *args: Any, course: Context, there: Iterable[GroupEnrollment], **kwargs: Any) -> None:
        people = (enrollment.membership.person.employee_id for enrollment in there)
        kwargs["initial"] = {"members": "\n".join(sorted(people))}
        super().__init__(*args, **kwargs)
        self.course = course

    def clean_members(self) -> list[Membership]:
        """The memberships named. Everybody must have a place in the course, or nothing is changed."""
        names = [name for name in re.split(r"[\s,;]+", self.cleaned_data["members"]) if name][:MOST_AT_ONCE]
        emails = [normalised_email(name) for name in names if "@" in name]
        found = list(
            candidates(self.course).filter(Q(person__employee_id__in=names) | Q(person__email__in=emails))
        )
        known = {member.person.employee_id for member in found} | {member.person.email for member in found}
        unknown = [name for name in names if name not in known and normalised_email(name) not in known]
        if unknown:
            raise forms.ValidationError(
                _("Nothing was changed. Not in this course: %(names)s."),
                params={"names": ", ".join(unknown[:20])},
            )
        return found
