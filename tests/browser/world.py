"""The whole world for a story: the platform, the sandbox, a browser with a pretended camera."""

import contextlib
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.lti_platform.outbound.authority import Authority, pin_of
from tests.services.chromium import chromium
from tests.services.postgres import migrated, new_database

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120
ARGUMENTS = [
    "--no-sandbox",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


def free_row(length: int = 4) -> int:
    """The first of so many free ports in a row, where no other process of this run looks."""
    process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first = 21_000 + 2_000 * (process % 5)  # below the ports that the system gives away
    for port in range(first, first + 2_000, 10):
        with contextlib.ExitStack() as stack:
            try:
                for offset in range(length):
                    stack.enter_context(contextlib.closing(socket.socket())).bind(
                        ("127.0.0.1", port + offset)
                    )
            except OSError:
                continue
            return port
    raise RuntimeError("no free ports")


class Secure:
    """What a world over HTTPS needs: an authority of its own, and one certificate for every program."""

    def __init__(self, folder: Path) -> None:
        authority = Authority(folder)
        self.ca_file, self.certificate = authority.ca_file, authority.certificate("localhost", "127.0.0.1")

    @property
    def argument(self) -> str:
        """For a browser that is to take this certificate, and no other that nobody vouches for."""
        return f"--ignore-certificate-errors-spki-list={pin_of(self.certificate)}"

    def variables(self, url: str) -> dict[str, str]:
        """What the processes are told."""
        return {
            "PLATFORM_URL": url,
            "OUTBOUND_CA_FILE": self.ca_file,
            "SERVER_CERTIFICATE": str(self.certificate),
        }


@dataclass
class World:
    """A running demonstration in a folder of its own."""

    port: int
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    secure: Secure | None = None

    @property
    def scheme(self) -> str:
        return "https" if self.secure else "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://localhost:{self.port}"

    def tool_url(self, name: str) -> str:
        """Where a program of the sandbox answers."""
        names = ("proctoring_tool", "assessment_tool", "portal")
        return f"{self.scheme}://127.0.0.1:{self.port + 1 + names.index(name)}"

    @property
    def portal_url(self) -> str:
        return self.tool_url("portal")

    @property
    def variables(self) -> dict[str, str]:
        """The environment of every process of this world."""
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "lti_platform.settings",
            "VAR_DIR": str(self.folder),
            "PORT": str(self.port),
            "PROCTORING_SETTLE_SECONDS": "1",
            "OUTBOUND_PLAIN_HTTP_HOSTS": ",".join(f"127.0.0.1:{self.port + offset}" for offset in (1, 2, 3)),
            "REACTION_LEASE_SECONDS": "5",
            **(self.secure.variables(self.url) if self.secure else {}),
            **self.environment,
        }

    def start(self) -> None:
        """Starts everything and waits until it says that it is ready."""
        log = (self.folder / "demo.log").open("ab")
        program = ["-m", "tests.browser.secure_demo"] if self.secure else ["manage.py", "demo"]
        self.process = subprocess.Popen(
            [sys.executable, *program],
            cwd=ROOT,
            env=self.variables,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        deadline = time.monotonic() + START_SECONDS
        while "Ready: " not in self.words():
            assert self.process.poll() is None, self.words()
            assert time.monotonic() < deadline, self.words()
            time.sleep(0.2)

    def words(self) -> str:
        """All that the demo said so far."""
        return (self.folder / "demo.log").read_text(encoding="utf-8")

    def stop(self) -> None:
        """One Ctrl-C."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=30)

    def workers(self) -> dict[str, Any]:
        """What the contractor portal knows."""
        return self._portal("workers.json")

    def deliveries(self) -> dict[str, int]:
        """How many deliveries the portal took in, by type."""
        return dict(Counter(one["type"] for one in self._portal("deliveries.json")["deliveries"]))

    def _portal(self, page: str) -> dict[str, Any]:
        trusted = ssl.create_default_context(cafile=self.secure.ca_file) if self.secure else None
        with urllib.request.urlopen(f"{self.portal_url}/{page}", timeout=10, context=trusted) as answer:
            return dict(json.load(answer))

    def log(self, name: str) -> str:
        """What a process of the world wrote."""
        return (self.folder / "log" / f"{name}.log").read_text(encoding="utf-8", errors="replace")


@contextlib.contextmanager
def world(*, https: bool = False, **environment: str) -> Iterator[World]:
    """A world of its own, thrown away afterwards; on a database of its own where the suite runs on PostgreSQL."""
    folder = Path(tempfile.mkdtemp(prefix="world-"))
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        if server := os.environ.get("DATABASE_URL"):
            made_here = new_database(server, like=migrated(server))
            environment["DATABASE_URL"] = stack.enter_context(made_here)
        made = World(free_row(), folder, environment, secure=Secure(folder) if https else None)
        stack.callback(made.stop)
        made.start()
        yield made


@contextlib.contextmanager
def browser(*arguments: str) -> Iterator[Browser]:
    """Chromium with a camera and a microphone that are pretended."""
    with sync_playwright() as playwright:
        yield from _launched(playwright, *arguments)


def _launched(playwright: Playwright, *arguments: str) -> Iterator[Browser]:
    launched = playwright.chromium.launch(executable_path=str(chromium()), args=[*ARGUMENTS, *arguments])
    try:
        yield launched
    finally:
        launched.close()


def person_at(browser: Browser, *, phone: bool = False, locale: str = "en-US") -> BrowserContext:
    """A browser of somebody's own, as wide as a desk or a phone."""
    width, height = (390, 844) if phone else (1280, 900)
    context = browser.new_context(viewport={"width": width, "height": height}, locale=locale)
    context.set_default_timeout(45_000)
    return context


def new_page(context: BrowserContext, url: str) -> Page:
    """A page at the address."""
    page = context.new_page()
    page.goto(url)
    return page
