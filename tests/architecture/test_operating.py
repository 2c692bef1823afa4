"""docs/operating.md names every variable, every check and every command there is."""

import ast
import re

from tests.architecture.source import ROOT, house

TEXT = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
READERS = {"text", "boolean", "integer", "words"}
CHECK = re.compile(r'id="([a-z]+\.[EW]\d{3})"')


def rows() -> dict[str, list[str]]:
    """First cell (without its marks) → the other cells, of every table."""
    found = {}
    for line in TEXT.splitlines():
        if line.startswith("| `"):
            first, *others = (cell.strip() for cell in line.strip("|").split(" | "))
            found[first.strip("`")] = others
    return found


def variables() -> set[str]:
    """The names that settings read from the environment."""
    tree = ast.parse((ROOT / "lti_platform/settings.py").read_text(encoding="utf-8"))
    calls = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    firsts = [call.args[0] for call in calls if call.func.id in READERS and call.args]  # type: ignore[attr-defined]
    return {str(first.value) for first in firsts if isinstance(first, ast.Constant)}


def checks() -> set[str]:
    """The codes of our system checks."""
    return {code for source in house() if source.path.stem == "checks" for code in CHECK.findall(source.text)}


def test_every_variable_has_its_row_and_every_row_its_variable() -> None:
    told = {name for name in rows() if name.isupper()}
    assert told == variables()


def test_what_is_said_of_unset_variables_is_so() -> None:
    settings = (ROOT / "lti_platform/settings.py").read_text(encoding="utf-8")
    defaults = dict(re.findall(r'integer\("([A-Z_]+)", (\d[\d *]*)\)', settings))
    assert "REACTION_LEASE_SECONDS" in defaults
    for name, default in defaults.items():
        value = 1
        for factor in default.split("*"):
            value *= int(factor)
        assert rows()[name][0].split(":")[0] == str(value), name


def test_every_check_has_its_row_and_every_row_its_check() -> None:
    told = {name for name in rows() if re.fullmatch(r"[a-z]+\.[EW]\d{3}", name)}
    assert told == checks()


def test_every_command_named_is_there() -> None:
    ours = {source.path.stem for source in house() if source.path.parent.name == "commands"}
    of_django = {"check", "migrate", "collectstatic", "createsuperuser"}
    assert set(re.findall(r"manage\.py ([a-z_]+)", TEXT)) <= ours | of_django
