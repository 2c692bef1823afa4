"""The size and shape of the code, as numbers that fail."""

import ast
import re
import statistics
from collections.abc import Iterator

from tests.architecture.source import PACKAGES, FunctionTree, Source, house, lines_of, suite

FILE_LIMIT = 400
FUNCTION_LIMIT = 50
GENERIC_NAMES = {"services", "utils", "helpers", "common", "misc", "util", "helper"}
# Names that frameworks call, with parameters in places that they choose.
SIGNATURES_OF_OTHERS = {"views", "templatetags", "tags", "management", "migrations", "middleware"}
COMPOSITION_ROOT = {
    "lti_platform/settings.py",
    "lti_platform/wsgi.py",
    "lti_platform/celery.py",
    "lti_platform/embedded.py",
}


def test_no_file_is_longer_than_the_limit() -> None:
    lengths = {source.name: source.text.count("\n") for source in (*house(), *suite())}
    assert {name: length for name, length in lengths.items() if length > FILE_LIMIT} == {}


def test_no_function_is_longer_than_the_limit() -> None:
    found = {
        f"{source.name}: {function.name}": lines_of(function)
        for source in (*house(), *suite())
        for function in source.functions()
        if lines_of(function) > FUNCTION_LIMIT
    }
    assert found == {}


def test_functions_are_short_on_the_whole() -> None:
    lengths = [lines_of(function) for source in house() for function in source.functions()]
    assert statistics.median(lengths) <= 10
    assert statistics.quantiles(lengths, n=10)[-1] <= 30


def test_views_are_short() -> None:
    found = {
        f"{source.name}: {function.name}": lines_of(function)
        for source in house()
        if "views" in source.path.with_suffix("").parts
        for function in source.functions()
        if lines_of(function) > 25
    }
    assert found == {}


def test_few_parameters_are_told_by_place() -> None:
    """The subject, and where it reads naturally what it is done to; everything else by name."""
    found = [
        f"{source.name}: {function.name}"
        for source in house()
        if not SIGNATURES_OF_OTHERS & set(source.path.with_suffix("").parts)
        for function in _functions_of_modules(source)
        if len(function.args.posonlyargs) + len(function.args.args) > 3
    ]
    assert found == []


def test_modules_are_named_after_what_they_do() -> None:
    found = [source.name for source in house() if source.path.stem in GENERIC_NAMES]
    assert found == []


def test_only_settings_read_the_environment() -> None:
    """Every choice is a setting: no other code asks which machine it is on."""
    found = [
        source.name
        for source in house()
        if source.name not in COMPOSITION_ROOT and "management" not in source.path.parts
        for name, _ in source.imports()
        if name in {"os.environ", "os.getenv"} or (name == "os" and "os.environ" in source.text)
    ]
    assert found == []


def test_time_is_told_not_asked() -> None:
    """Domain functions are given `now`; the clock is read in one place."""
    # keys stands left of the clock: its one door reads the time itself.
    clocks = {"lti_platform/journal/clock.py", "keys/views.py"}
    found = [
        f"{source.name}:{node.lineno}"
        for source in house()
        if source.name not in clocks
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute)
        and ast.unparse(node) in {"timezone.now", "datetime.now", "date.today"}
    ]
    assert found == []


def test_today_is_the_platforms_day() -> None:
    """In the evening UTC is a day ahead: what asks it for the day is wrong for hours, and right in all others."""
    found = [
        f"{source.name}:{node.lineno}"
        for source in (*house(), *suite())
        if not source.name.startswith("tests/sandbox/")  # programs with a clock of their own
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and re.search(r"now\([^()]*\)\.date\(\)$", ast.unparse(node))
    ]
    assert found == []


def test_no_test_puts_a_pretence_in_place_of_our_code() -> None:
    found = [f"{source.name}:{line}" for source in suite() for line in _pretences(source)]
    assert found == []


def _functions_of_modules(source: Source) -> Iterator[FunctionTree]:
    """Functions at the top of the file that no decorator hands to a framework."""
    for node in source.tree.body:
        if isinstance(node, FunctionTree) and not node.decorator_list:
            yield node


def _pretences(source: Source) -> Iterator[int]:
    """Lines that import a mocking library or replace an attribute of our packages."""
    ours = {local for name, local in source.imports() if name.partition(".")[0] in PACKAGES}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and _replaces(node, ours=ours):
            yield node.lineno
    if any(name.startswith(("unittest.mock", "mock.")) for name, _ in source.imports()):
        yield 1


def _replaces(call: ast.Call, *, ours: set[str]) -> bool:
    """Whether the call is `monkeypatch.setattr(<something of ours>, …)`."""
    if not (isinstance(call.func, ast.Attribute) and call.func.attr in {"setattr", "delattr"} and call.args):
        return False
    target = call.args[0]
    if isinstance(target, ast.Constant):
        return str(target.value).partition(".")[0] in PACKAGES
    return ast.unparse(target).partition(".")[0].partition("(")[0] in ours
