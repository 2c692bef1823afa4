"""The source as trees, read once."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("keys", "lti_platform", "gradebook", "proctoring", "certificates")

FunctionTree = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One Python file of ours."""

    path: Path

    @property
    def name(self) -> str:
        """The path as people write it."""
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def text(self) -> str:
        """What is in it."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """What it means."""
        return ast.parse(self.text, filename=self.name)

    def functions(self) -> Iterator[FunctionTree]:
        """Every function and method, nested ones included."""
        for node in ast.walk(self.tree):
            if isinstance(node, FunctionTree):
                yield node

    def imports(self) -> Iterator[tuple[str, str]]:
        """Pairs of a full dotted name that is imported and the name it has here."""
        for node in _running(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield alias.name, alias.asname or alias.name.partition(".")[0]
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    yield f"{node.module}.{alias.name}", alias.asname or alias.name


@lru_cache
def house() -> tuple[Source, ...]:
    """The packages, without their migrations."""
    return tuple(_read(ROOT / package for package in PACKAGES))


@lru_cache
def suite() -> tuple[Source, ...]:
    """Everything under tests, the sandbox included."""
    return tuple(_read([ROOT / "tests"]))


def templates() -> Iterator[Path]:
    """Every HTML template of the packages."""
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("templates/**/*.html"))


def _running(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node but those that only type checkers read."""
    for node in ast.iter_child_nodes(tree):
        if not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)):
            yield node
            yield from _running(node)


def lines_of(function: FunctionTree) -> int:
    """Lines from `def` to the end, decorators left out."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def _read(folders: Iterator[Path] | list[Path]) -> Iterator[Source]:
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            if "migrations" not in path.parts:
                yield Source(path)
