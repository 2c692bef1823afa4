"""Forms about grades."""

from django import forms
from django.utils.translation import gettext_lazy as _

from gradebook.overriding import GraderWord


class OverrideForm(forms.Form):
    """A grader's word: points, or none to let the tool's stand, and words for the learner."""

    points = forms.DecimalField(
        label=_("Points"),
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=6,
        help_text=_("Leave empty to let the tool's score stand."),
    )
    comment = forms.CharField(
        label=_("Comment for the learner"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @property
    def word(self) -> GraderWord:
        """What was said, of a valid form."""
        return GraderWord(points=self.cleaned_data["points"], comment=self.cleaned_data["comment"].strip())
