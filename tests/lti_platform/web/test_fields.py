"""A form says what is wrong where it is wrong, for eyes and for ears."""

from typing import Any

import pytest
from django import forms
from django.http import QueryDict

from tests.lti_platform.web.rendering import Outline, drawn


class Enrolment(forms.Form):
    """One field of each sort."""

    email = forms.EmailField(label="E-mail", help_text="The address your company gave us.")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    agree = forms.BooleanField(label="I agree")
    reason = forms.ChoiceField(
        label="Reason", choices=[("a", "Audit"), ("b", "Appeal")], widget=forms.RadioSelect
    )
    attempt = forms.CharField(widget=forms.HiddenInput)


@pytest.fixture
def wrong() -> str:
    return drawn("{% form_fields form %}", form=Enrolment({"email": "lena@", "attempt": "7"}))


def test_every_control_has_a_label_and_every_reference_exists(wrong: str) -> None:
    outline = Outline(wrong)
    assert set(outline.references) <= set(outline.ids)
    assert {"id_email", "id_note", "id_agree", "id_reason_0", "id_reason_1"} <= set(outline.labels)
    assert set(outline.labels) <= set(outline.ids)
    assert len(outline.ids) == len(set(outline.ids))


def test_a_wrong_field_names_its_hint_and_its_error(wrong: str) -> None:
    controls: dict[str | None, dict[str, Any]] = {
        a.get("id"): a for tag, a in Outline(wrong).tags if tag == "input"
    }
    assert controls["id_email"]["aria-describedby"] == "id_email_helptext id_email_error"
    assert controls["id_email"]["aria-invalid"] == "true"


def test_the_summary_links_to_what_has_to_be_put_right(wrong: str) -> None:
    assert 'role="alert"' in wrong
    assert '<a href="#id_email">E-mail</a>' in wrong
    assert '<a href="#id_note">' not in wrong


def test_a_hidden_field_is_kept_and_not_shown(wrong: str) -> None:
    assert wrong.count('name="attempt"') == 1
    assert 'for="id_attempt"' not in wrong


def test_a_form_nobody_has_sent_shows_no_error() -> None:
    html = drawn("{% form_fields form %}", form=Enrolment())
    assert 'role="alert"' not in html
    assert "aria-invalid" not in html


def test_an_optional_field_says_so_in_the_language_of_the_page() -> None:
    assert "(opcional)" in drawn("{% field form.note %}", language="es", form=Enrolment())
    assert "(opcional)" not in drawn("{% field form.email %}", language="es", form=Enrolment())


def test_what_mallory_types_comes_back_as_text() -> None:
    html = drawn("{% field form.email %}", form=Enrolment({"email": '"><script>alert(1)</script>'}))
    assert "<script>" not in html


@pytest.mark.parametrize(
    "fields",
    [{"state": "a", "items": "b"}, [("state", "a"), ("items", "b")], QueryDict("state=a&items=b")],
)
def test_hidden_fields_take_what_a_launch_has(fields: object) -> None:
    html = drawn("{% hidden_fields fields %}", fields=fields)
    assert html.split("\n") == [
        '<input type="hidden" name="state" value="a">',
        '<input type="hidden" name="items" value="b">',
    ]


def test_hidden_fields_keep_every_value_of_a_name() -> None:
    assert drawn("{% hidden_fields fields %}", fields=QueryDict("a=1&a=2")).count('name="a"') == 2


def test_a_hint_that_is_dropped_is_not_referred_to() -> None:
    html = drawn("{% field form.email hint='' %}", form=Enrolment())
    assert "company" not in html
    assert "aria-describedby" not in html


def test_a_placeholder_is_no_label() -> None:
    form = Enrolment()
    form.fields["email"].widget.attrs["placeholder"] = "Email address"
    assert "Email address" not in drawn("{% field form.email %}", form=form)


def test_where_nothing_is_chosen_words_say_so_instead_of_dashes() -> None:
    class Choosing(forms.Form):
        must = forms.ChoiceField(choices=[("", "---------"), ("a", "Audit")])
        may = forms.ChoiceField(choices=[("", "---------"), ("a", "Audit")], required=False)
        named = forms.ChoiceField(choices=[("", "Everyone"), ("a", "Audit")], required=False)

    html = drawn("{% form_fields form %}", form=Choosing())
    assert "---" not in html
    for words in (">choose …<", ">none<", ">Everyone<", ">Audit<"):
        assert words in html
