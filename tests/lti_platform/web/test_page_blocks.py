"""The blocks of a page, as a person and as ears meet them."""

from datetime import timedelta

import pytest
from django.core.paginator import Paginator
from django.template import TemplateSyntaxError

from tests.lti_platform.web.rendering import NOW, Outline, asked, drawn

STANDING = "{% cells 'To do' 1 'In review' none as known %}{% standing 'live' answer subject='Lena Ruiz' cells=known %}"


def test_the_standing_line_makes_the_only_heading_and_says_as_of_when() -> None:
    html = drawn(STANDING, answer="One exam to take by Friday.", none=None)
    assert Outline(html).count("h1") == 1
    assert "<dt>As of</dt>" in html
    assert ">today 14:05</time>" in html
    assert html.index("As of") < html.index("To do")


def test_the_standing_line_speaks_spanish() -> None:
    html = drawn(STANDING, language="es", answer="Un examen por hacer.", none=None)
    assert "hoy 14:05" in html
    assert "12 de marzo de 2027" in html


def test_a_cell_without_a_value_says_none() -> None:
    assert "<dt>In review</dt><dd>none</dd>" in drawn(STANDING, answer="Answer", none=None)


def test_a_time_in_a_cell_is_said_like_any_other() -> None:
    html = drawn("{% cells 'Last' at as c %}{% standing 'open' 'A' cells=c %}", at=NOW - timedelta(days=1))
    assert "yesterday 14:05" in html


def test_a_title_block_holds_four_cells() -> None:
    with pytest.raises(TemplateSyntaxError, match="4 cells"):
        drawn("{% cells 1 2 3 4 5 6 7 8 as c %}{% standing 'open' 'A' cells=c %}")
    four = drawn("{% cells 1 2 3 4 5 6 7 8 as c %}{% standing 'open' 'A' cells=c as_of=False %}")
    assert four.count("<dt>") == 4


def test_a_standing_line_refuses_a_value_it_does_not_know() -> None:
    with pytest.raises(TemplateSyntaxError, match="subjet"):
        drawn("{% standing 'open' 'A' subjet='typo' %}")


def test_what_one_can_do_stands_with_the_answer() -> None:
    source = "{% standing_with 'act' 'A' subject='S' %}<button>Run again</button>{% endstanding_with %}"
    assert "<button>Run again</button>" in drawn(source)


def test_a_part_is_named_by_its_heading() -> None:
    outline = Outline(drawn("{% part 'evidence' 'Evidence' '5 items' %}<p>x</p>{% endpart %}"))
    assert outline.references == ["evidence"] == outline.ids


def test_a_dialog_is_named_by_its_heading_and_opens_with_the_page_when_told() -> None:
    source = "{% dialog 'why' 'Why?' opened=wrong %}<p>x</p>{% enddialog %}"
    assert Outline(drawn(source, wrong=False)).references == ["why-title"]
    assert "data-dialog-open" not in drawn(source, wrong=False)
    assert "data-dialog-open" in drawn(source, wrong=True)


def test_an_event_has_a_time_or_words_for_what_is_to_come() -> None:
    source = (
        "{% timeline ledger=True %}{% event 'proven' at style='ledger' who='P. Osei' %}Reviewed{% endevent %}"
    )
    html = drawn(
        source + "{% event 'open' 'next' to_come=True %}Released{% endevent %}{% endtimeline %}", at=NOW
    )
    assert "12 Mar 14:05:00</time>" in html
    assert '<span class="when">next</span>' in html
    assert '<p class="who">P. Osei</p>' in html


def test_the_step_in_hand_is_named() -> None:
    html = drawn("{% steps %}{% step 'proven' '1' %}{% step 'waiting' '2' current=True %}{% endsteps %}")
    assert html.count('aria-current="step"') == 1
    assert 'aria-label="Steps"' in html


def test_a_table_stays_a_table_for_ears() -> None:
    source = (
        "{% table 'Items' %}{% columns %}{% column 'Item' %}{% column 'Size' 'num' %}{% endcolumns %}"
        "{% row current=True %}{% head %}Camera{% endhead %}{% cell 'Size' 'num' %}{{ size }}{% endcell %}{% endrow %}"
        "{% endtable %}"
    )
    html = drawn(source, size="212 MB")
    roles = [found.get("role") for _, found in Outline(html).tags]
    assert {"table", "rowgroup", "row", "columnheader", "rowheader", "cell"} <= set(roles)
    assert '<td role="cell" data-name="Size" class="num">212 MB</td>' in html
    assert 'class="num quiet"' in drawn(source, size="")
    assert html.count("<tbody") == html.count("</tbody>") == 1


def test_a_cell_refuses_a_style_that_tables_do_not_have() -> None:
    with pytest.raises(TemplateSyntaxError, match="red"):
        drawn("{% cell 'Size' 'red' %}x{% endcell %}")


def test_pages_of_results_keep_the_filters() -> None:
    page = Paginator(range(41), 8).page(2)
    html = drawn("{% pagination page %}", page=page, request=asked("/queue/", severity="high", page="2"))
    assert 'href="?severity=high&amp;page=1"' in html
    assert 'href="?severity=high&amp;page=3"' in html
    assert "9–16 of 41" in html


def test_a_single_page_of_results_needs_no_way_out() -> None:
    assert drawn("{% pagination page %}", page=Paginator(range(3), 8).page(1), request=asked()) == ""


def test_a_post_button_carries_its_token_and_its_values() -> None:
    html = drawn("{% post_button '/release' 'Release' 'stop' attempt=7 %}", request=asked())
    assert 'name="csrfmiddlewaretoken"' in html
    assert '<input type="hidden" name="attempt" value="7">' in html
    assert 'class="button stop"' in html


def test_no_time_says_nothing() -> None:
    assert drawn("{% when t %}{% ago t %}{% duration t %}{% timecode t %}{% clock t %}", t=None) == ""


def test_a_way_to_say_a_time_that_does_not_exist_is_refused() -> None:
    with pytest.raises(TemplateSyntaxError, match="fuzzy"):
        drawn("{% when t 'fuzzy' %}", t=NOW)
