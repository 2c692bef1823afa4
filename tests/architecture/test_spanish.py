"""Whatever a learner, a gate or the public reads is there in Spanish: pages, mails, certificates, refusals."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.utils.translation.template import templatize

from tests.architecture.source import ROOT

TEMPLATES = (
    "lti_platform/web/templates",
    "lti_platform/launches/templates/launches/learner",
    "gradebook/templates/gradebook/submissions.html",
    "proctoring/templates/proctoring/learner",
    "proctoring/door/templates/door/offer.html",
    "proctoring/door/templates/door/window.html",
    "certificates/templates/certificates/learner",
    "certificates/templates/certificates/public",
    "certificates/templates/certificates/mail",
)
SOURCES = (
    "lti_platform/web",
    "lti_platform/launches/views/failing.py",
    "lti_platform/launches/views/learner.py",
    "proctoring/door/errors.py",
    "proctoring/door/views/answering.py",
    "proctoring/models.py",
    "proctoring/views/learner.py",
    "proctoring/views/starting.py",
    "proctoring/words.py",
    "certificates/notifying.py",
    "certificates/rendering",
)
# A module for two readers: only this name in it is the learner's.
NAMED = {"lti_platform/launches/wording.py": ("UNREADABLE", "LEARNER")}
STRING = r"u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
MARKED = re.compile(rf"(?<![a-z])(?:n?gettext|_)\({STRING}|n?pgettext\({STRING}, {STRING}")
FUNCTIONS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}


def paths(places: tuple[str, ...], *suffixes: str) -> list[Path]:
    """The files at these places."""
    found = [ROOT / place for place in places]
    return sorted(
        path
        for place in found
        for path in ([place] if place.is_file() else place.rglob("*"))
        if path.suffix in suffixes
    )


def said_by_template(path: Path) -> Iterator[str]:
    """Every string that the template marks."""
    marked = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for plain, _context, in_context in MARKED.findall(marked):
        yield ast.literal_eval(plain or in_context)


def said_by_source(tree: ast.AST) -> Iterator[str]:
    """Every string that the code marks."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def assigned(tree: ast.Module, names: tuple[str, ...]) -> ast.Module:
    """Only what the module assigns to these names."""
    kept = [
        node
        for node in tree.body
        if {word.id for word in ast.walk(node) if isinstance(word, ast.Name)} & set(names)
    ]
    return ast.Module(
        body=[node for node in kept if isinstance(node, ast.Assign | ast.AnnAssign)], type_ignores=[]
    )


def said(path: Path) -> set[str]:
    """Every string in a file that a learner may read."""
    if path.suffix != ".py":
        return set(said_by_template(path))
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = NAMED.get(path.relative_to(ROOT).as_posix())
    return set(said_by_source(assigned(tree, names) if names else tree))


EVERYTHING = [*paths(TEMPLATES, ".html", ".txt"), *paths((*SOURCES, *NAMED), ".py")]


@pytest.fixture(scope="module")
def spanish() -> set[str]:
    """The English of everything that has a Spanish."""
    catalogue = polib.mofile(str(ROOT / "lti_platform/locale/es/LC_MESSAGES/django.mo"))
    return {entry.msgid for entry in catalogue.translated_entries()}


@pytest.mark.parametrize("path", EVERYTHING, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_a_learner_reads_is_there_in_spanish(path: Path, spanish: set[str]) -> None:
    assert sorted(said(path) - spanish) == [], "run `make messages`, then translate"


def test_the_scan_sees_what_is_said() -> None:
    assert sum(len(said(path)) for path in EVERYTHING) > 400
    assert "Yours is next." in said(ROOT / "proctoring/templates/proctoring/learner/attempt.html")
    assert len(said(ROOT / "lti_platform/launches/wording.py")) > 4
