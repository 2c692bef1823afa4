"""A form in the house's way: label, hint, error, control, in that order, tied together for ears."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    ChoiceField,
    Field,
    ModelChoiceField,
    RadioSelect,
)
from django.http import QueryDict
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from lti_platform.web import words
from lti_platform.web.tags.library import draw, register

DASHES = "---------"  # what Django says where nothing is chosen


@register.simple_tag
def field(bound: BoundField, *, wide: bool = False, label: Any = "", hint: Any = None) -> SafeString:
    """One field of a form; `label` and `hint` replace the form's own words, `hint=""` drops it."""
    if bound.is_hidden:
        return SafeString(bound.as_hidden())
    if hint is not None:
        bound.help_text = hint
    values = {
        "field": bound,
        "label": label or bound.label,
        "wide": wide,
        "optional": not bound.field.required,
    }
    widget = bound.field.widget
    if isinstance(widget, CheckboxInput):
        return draw("field_choice", {**values, "control": control(bound)})
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return draw("field_choices", values)
    if getattr(widget, "input_type", "") == "datetime-local":
        zone = timezone.get_current_timezone()
        values["zone"] = words.place_words(zone) or words.zone_words(timezone.localtime())
    return draw("field", {**values, "control": control(bound)})


def control(bound: BoundField) -> SafeString:
    """The control itself; Django ties it to the ids of its hint and its error."""
    _say_that_nothing_is_chosen(bound.field)
    # A placeholder is gone with the first letter typed, so it can't carry what the label or the hint should.
    quiet: dict[str, str | bool] = {"placeholder": ""} if "placeholder" in bound.field.widget.attrs else {}
    return bound.as_widget(attrs=quiet)


def _say_that_nothing_is_chosen(field: Field) -> None:
    nothing = gettext("choose …") if field.required else gettext("none")
    if isinstance(field, ModelChoiceField):
        if field.empty_label == DASHES:
            field.empty_label = nothing
    elif isinstance(field, ChoiceField):
        choices: Any = field.choices
        field.choices = [(key, nothing if label == DASHES else label) for key, label in choices]


@register.simple_tag
def error_summary(form: BaseForm) -> SafeString:
    """What has to be put right, each linked to its field; nothing for a form without errors."""
    if not form.errors:
        return SafeString("")
    wrong = [bound for bound in form.visible_fields() if bound.errors]
    return draw("errors", {"form": form, "wrong": wrong})


@register.simple_tag
def form_fields(form: BaseForm) -> SafeString:
    """The whole form but its button: the summary of errors, hidden fields, then each field."""
    return draw("form", {"form": form})


@register.simple_tag
def hidden_fields(fields: QueryDict | Mapping[str, Any] | Iterable[tuple[str, Any]]) -> SafeString:
    """Hidden inputs for a mapping, a QueryDict with all its values, or pairs, in their order."""
    return format_html_join("\n", '<input type="hidden" name="{}" value="{}">', pairs(fields))


def pairs(fields: QueryDict | Mapping[str, Any] | Iterable[tuple[str, Any]]) -> Iterable[tuple[str, Any]]:
    """Names and values, one pair for each value."""
    if isinstance(fields, QueryDict):
        return [(name, value) for name, values in fields.lists() for value in values]
    return fields.items() if isinstance(fields, Mapping) else fields
