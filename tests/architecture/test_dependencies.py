"""What runs without the development tools imports nothing of theirs."""

import json
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.architecture.source import PACKAGES, ROOT, Source, house, suite

PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==", re.M)


def test_the_platform_and_the_sandbox_run_on_what_the_run_lock_installs() -> None:
    installed = _locked(ROOT / "requirements/run.lock")
    providers = packages_distributions()
    missing = {
        f"{source.name}: {module}"
        for source in (*house(), *_sandbox())
        for module in _outside(source)
        if not {_plain(name) for name in providers.get(module, ["nowhere"])} & installed
    }
    assert missing == set()


def test_the_locks_agree_and_name_no_registry() -> None:
    run, dev = (ROOT / "requirements" / name for name in ("run.lock", "dev.lock"))
    lines = {line for line in run.read_text().splitlines() if "==" in line}
    assert lines <= set(dev.read_text().splitlines())
    assert not re.search(r"https?://|--index|--find-links|@ file", run.read_text() + dev.read_text())


def test_the_lock_of_the_javascript_libraries_names_no_registry_and_every_hash() -> None:
    lock = json.loads((ROOT / "tests/other_stacks/package-lock.json").read_text(encoding="utf-8"))
    packages = [package for path, package in lock["packages"].items() if path]
    assert packages
    assert [one for one in packages if "resolved" in one or "integrity" not in one] == []


def _sandbox() -> list[Source]:
    return [source for source in suite() if source.name.startswith("tests/sandbox/")]


def _outside(source: Source) -> set[str]:
    modules = {name.partition(".")[0] for name, _ in source.imports()}
    return modules - sys.stdlib_module_names - set(PACKAGES) - {"tests", "__future__"}


def _locked(path: Path) -> set[str]:
    return {_plain(name) for name in PINNED.findall(path.read_text())}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
