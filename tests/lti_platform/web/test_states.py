"""A state is a shape, a word and a colour; never one of them alone."""

import pytest
from django.template import TemplateSyntaxError

from lti_platform.web.tags.shapes import SHAPES, UnknownKind
from tests.lti_platform.web.rendering import drawn


@pytest.mark.parametrize("kind", SHAPES)
def test_each_kind_has_its_own_shape_and_says_its_words(kind: str) -> None:
    html = drawn("{% status kind 'Valid' 'until 2030' %}", kind=kind)
    assert f"is-{kind}" in html
    assert SHAPES[kind] in html
    assert "<span>Valid, <span>until 2030</span></span>" in html


def test_there_are_seven_shapes_and_no_two_alike() -> None:
    assert len(set(SHAPES.values())) == len(SHAPES) == 7


@pytest.mark.parametrize("kind", ["green", "", None, "Proven", ["act"]])
def test_a_kind_that_has_no_shape_is_refused(kind: object) -> None:
    with pytest.raises(UnknownKind):
        drawn("{% status kind 'Valid' %}", kind=kind)


def test_the_words_of_a_state_are_escaped() -> None:
    html = drawn("{% status 'act' words %}", words="<script>alert(1)</script>")
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize(("bars", "word", "off"), [(1, "low", 2), (2, "medium", 1), (3, "high", 0)])
def test_a_level_is_bars_and_a_word(bars: int, word: str, off: int) -> None:
    html = drawn("{% level bars %}", bars=bars)
    assert html.count('class="off"') == off
    assert word in html


@pytest.mark.parametrize("bars", [0, 4, "high"])
def test_there_are_three_levels(bars: object) -> None:
    with pytest.raises(TemplateSyntaxError):
        drawn("{% level bars %}", bars=bars)


def test_a_share_is_drawn_and_said() -> None:
    html = drawn("{% meter 98.4 %}")
    assert 'd="M0 0h62.98v8H0z"' in html
    assert "98\u00a0%" in html


def test_a_share_nobody_measured_is_not_drawn_as_nothing() -> None:
    html = drawn("{% meter share %}", share=None)
    assert "<svg" not in html
    assert "not known" in html


def test_a_share_never_leaves_its_track() -> None:
    assert "h64.00v8" in drawn("{% meter 250 %}")
    assert "h0.00v8" in drawn("{% meter share %}", share=-1)
