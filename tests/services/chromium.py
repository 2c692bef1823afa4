"""Find a Chromium, or fetch one.

As a program: `python -m tests.services.chromium` makes sure that there is one, or prints why not.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

APT = "DEBIAN_FRONTEND=noninteractive apt-get"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


class ChromiumMissing(RuntimeError):
    """There is no Chromium on this machine and none could be fetched; says why."""


def chromium() -> Path:
    """The program: `CHROMIUM`, one on PATH, or the one that Playwright installed. Raises ChromiumMissing."""
    if named := os.environ.get("CHROMIUM"):
        return Path(named)
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    if (installed := _of_playwright()) is not None:
        return installed
    raise ChromiumMissing("no Chromium on PATH or from Playwright; `make browser` tries to fetch one")


def fetch() -> str:
    """Fetch one: from Debian when root, else from Playwright. Nothing if that worked, else the reason."""
    reasons = []
    for command in _ways():
        answer = subprocess.run(
            command, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        if answer.returncode == 0:
            try:
                chromium()
            except ChromiumMissing as missing:
                reasons.append(str(missing))
            else:
                return ""
        reasons.append(f"{' '.join(command)}: {(answer.stderr or answer.stdout).strip()[-500:]}")
    return "\n".join(reasons)


def _ways() -> list[list[str]]:
    ways = []
    if shutil.which("apt-get") and os.geteuid() == 0:
        ways.append(["sh", "-c", f"{APT} update -q && {APT} install -yq --no-install-recommends chromium"])
    return [*ways, [sys.executable, "-m", "playwright", "install", "chromium"]]


def _of_playwright() -> Path | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
        return path if path.exists() else None


def main() -> int:
    """Zero either way: without a browser it is the browser tests that fail, with this reason."""
    try:
        print(f"Chromium: {chromium()}")  # noqa: T201
    except ChromiumMissing:
        print(fetch() or f"Chromium: {chromium()}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
