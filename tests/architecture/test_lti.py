"""docs/lti.md names a clause and tests that are there, every variable, and every numbered case in its place."""

import ast
import re
from collections.abc import Iterator

import pytest

from lti_platform.launches.variables import VENDOR
from lti_platform.tools.dynamic import advertising
from tests.architecture.source import ROOT

TEXT = (ROOT / "docs/lti.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
RANGE = re.compile(r"^\| (\d{3}[\d–, ]*) \| [^|]+ \| ([^|]+) \|$", re.M)
CASE = re.compile(r"case-(\d{3})")
# Cases of every service and of its tokens come back where one service is attacked.
BESIDE = {f"tests/attacks/{name}.py" for name in ("test_bearer", "test_bearer_everywhere", "test_ags")}


def numbers(words: str) -> set[int]:
    """001–003, 005 as numbers."""
    found: set[int] = set()
    for part in words.split(","):
        first, _, last = part.strip().partition("–")
        found |= set(range(int(first), int(last or first) + 1))
    return found


def cases(path: str) -> set[int]:
    """The numbers in the ids of a file's tests."""
    return {int(number) for number in CASE.findall((ROOT / path).read_text(encoding="utf-8"))}


@pytest.mark.parametrize(("path", "name"), sorted(set(NAMED.findall(TEXT))))
def test_every_test_that_is_named_exists(path: str, name: str) -> None:
    assert (ROOT / path).is_file()
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    assert not name or name in functions
    assert any(one.startswith("test_") for one in functions)


def tables() -> Iterator[tuple[list[str], list[str]]]:
    """Every row of a table with the table's heads."""
    heads: list[str] = []
    for line in TEXT.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" |")] if line.startswith("|") else []
        if not cells:
            heads = []
        elif not heads:
            heads = cells
        elif not line.startswith("|---"):
            yield heads, cells


ROWS = [(heads, cells) for heads, cells in tables() if {"clause", "tests"} <= set(heads)]


@pytest.mark.parametrize(("heads", "cells"), [pytest.param(*row, id=row[1][0]) for row in ROWS])
def test_every_row_has_its_clause_and_its_tests(heads: list[str], cells: list[str]) -> None:
    assert len(cells) == len(heads)
    row = dict(zip(heads, cells, strict=True))
    assert row["clause"]
    assert NAMED.findall(row["tests"])


def told() -> set[str]:
    """Every variable of the table: a row's names, alone and with each scope of the row."""
    names: set[str] = set()
    for heads, cells in tables():
        if heads[:2] == ["scope", "told"]:
            said = re.findall(r"`([^`]+)`", " ".join(cells[1:3]))
            names |= {
                *said,
                *(f"{scope}.{name}" for scope in re.findall(r"`([^`]+)`", cells[0]) for name in said),
            }
    return names


def is_told(variable: str, *, names: set[str]) -> bool:
    """Whether the table has the variable, or the family it is in; `Actual…` ones are said to be as the others."""
    short = variable.replace(VENDOR, "….").replace(".user.", ".").replace("Actual", "", 1)
    return not names.isdisjoint({variable, short}) or short.startswith(
        tuple(name[:-1] for name in names if name.endswith(".*"))
    )


@pytest.mark.parametrize(
    "variable", ["Frob.url", "Group.frob", "User.credits", "Zzz.gender", "ToolPlatform.id"]
)
def test_a_variable_that_nobody_described_is_missed(variable: str) -> None:
    assert not is_told(variable, names=told())


def test_every_variable_we_advertise_is_in_the_table() -> None:
    names = told()
    assert [one for one in advertising.variables() if not is_told(one, names=names)] == []


@pytest.mark.parametrize(("words", "files"), RANGE.findall(TEXT))
def test_every_case_of_a_row_is_attacked_in_its_files(words: str, files: str) -> None:
    attacked = set().union(*(cases(path) for path, _ in NAMED.findall(files)))
    assert numbers(words) - attacked == set()


def test_every_attack_has_its_row() -> None:
    told: dict[str, set[int]] = {}
    for words, files in RANGE.findall(TEXT):
        for path, _ in NAMED.findall(files):
            told.setdefault(path, set()).update(numbers(words))
    everywhere = set().union(*told.values())
    for file in sorted((ROOT / "tests/attacks").glob("test_*.py")):
        path = file.relative_to(ROOT).as_posix()
        known = everywhere if path in BESIDE else told.get(path, set())
        assert cases(path) - known == set(), path


def test_every_case_has_its_row() -> None:
    assert set().union(*(numbers(words) for words, _ in RANGE.findall(TEXT))) == set(range(1, 219))
