"""A form in the house's way: label, hint, error, control, in that order, tied together for ears."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.http import QueryDict
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from lti_platform.web.tags.library import draw, register


@register.simple_tag
def field(bound: BoundField, *, wide: bool = False, label: Any = "", hint: Any = "") -> SafeString:
    """One field of a form; `label` and `hint` replace the form's own words."""
    widget = bound.field.widget
    if bound.is_hidden:
        return SafeString(bound.as_hidden())
    values = {
        "field": bound,
        "name": bound.html_name,
        "id": bound.id_for_label,
        "label": label or bound.label,
        "hint": hint or bound.help_text,
        "errors": bound.errors,
        "optional": not bound.field.required,
        "wide": wide,
    }
    if isinstance(widget, CheckboxInput):
        return draw("field_choice", {**values, "control": control(bound, hint=values["hint"])})
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return draw("field_choices", {**values, "described": described(bound, hint=values["hint"])})
    return draw("field", {**values, "control": control(bound, hint=values["hint"])})


def described(bound: BoundField, *, hint: Any) -> str:
    """The ids of the words that belong to a control: its hint, its error."""
    names = [f"{bound.auto_id}_hint"] if hint else []
    return " ".join([*names, f"{bound.auto_id}_error"] if bound.errors else names)


def control(bound: BoundField, *, hint: Any) -> SafeString:
    """The control itself, naming its hint and its error, and saying when it is wrong."""
    attributes: dict[str, Any] = {}
    if words := described(bound, hint=hint):
        attributes["aria-describedby"] = words
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return bound.as_widget(attrs=attributes)


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
