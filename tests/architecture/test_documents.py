"""The documents say what the code does."""

import io
from pathlib import Path

from django.core.management import call_command

from lti_platform.journal import reactions

ROOT = Path(__file__).resolve().parents[2]


def test_the_table_of_reactions_is_the_one_in_the_code() -> None:
    out = io.StringIO()
    call_command("show_reactions", stdout=out)
    shown = [line for line in out.getvalue().splitlines() if "`tests." not in line]
    assert "\n".join(shown) in (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def test_every_reaction_is_three_lines_at_most() -> None:
    for _fact, names in reactions.table():
        for name in names:
            if name.startswith("tests."):
                continue
            code = reactions.by_name(name).__code__  # type: ignore[attr-defined]
            assert len({line for *_, line in code.co_lines() if line}) <= 5, name
