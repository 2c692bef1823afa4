"""Every negative case has a test whose id carries its number."""

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]


def test_no_case_is_without_a_test() -> None:
    sources = [path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py")]
    found = {int(number) for source in sources for number in re.findall(r"case-(\d{3})", source)}
    assert sorted(set(range(1, 219)) - found) == []
