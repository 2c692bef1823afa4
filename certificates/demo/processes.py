"""The demonstration's processes: started together, stopped together, their words kept in `var/log`."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

from certificates.demo.places import Places
from lti_platform.outbound import http
from lti_platform.outbound.errors import OutboundError

THREADS = 8
READY_SECONDS = 60
STOP_SECONDS = 8


class ProcessEnded(Exception):
    """A process of the demonstration ended by itself; `name` and the end of its log say which and why."""

    def __init__(self, name: str, words: str) -> None:
        super().__init__(f"{name} ended:\n{words}")


class Processes:
    """Everything that runs. Use as a context manager: leaving stops it all."""

    platform_options: tuple[str, ...] = ()
    sandbox_options: tuple[str, ...] = ()

    def __init__(self, places: Places, *, environment: Mapping[str, str]) -> None:
        self.places = places
        self.environment = dict(environment)
        self.logs = Path(settings.VAR_DIR) / "log"
        self.logs.mkdir(exist_ok=True)
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> "Processes":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start_platform(self) -> None:
        """The production server: one process (the broker is in its memory), several threads."""
        port = self.places.ports["platform"]
        server = ["-m", "gunicorn", "lti_platform.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "1"]
        threads = ["--worker-class", "gthread", "--threads", str(THREADS), "--no-control-socket"]
        self._start("platform", [*server, *threads, *self.platform_options])

    def start_sandbox(self, name: str, config: Path) -> None:
        """One program of the world outside."""
        data = Path(settings.VAR_DIR) / "sandbox" / name
        data.mkdir(parents=True, exist_ok=True)
        program = ["-m", f"tests.sandbox.{name}", "--port", str(self.places.ports[name])]
        self._start(name, [*program, "--config", str(config), "--data", str(data), *self.sandbox_options])

    def _start(self, name: str, arguments: list[str]) -> None:
        with (self.logs / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(  # noqa: S603  (our own programs)
                [sys.executable, *arguments],
                env=self.environment, cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    def wait_until_ready(self) -> None:
        """Returns when each answers on its port. Raises ProcessEnded, TimeoutError."""
        deadline = time.monotonic() + READY_SECONDS
        for name in self.running:
            while not _answers(self.places.url(name)):
                self.check()
                if time.monotonic() > deadline:
                    raise TimeoutError(
                        f"{name} did not answer within {READY_SECONDS} s; see {self.logs}/{name}.log"
                    )
                time.sleep(0.1)

    def check(self) -> None:
        """Raises ProcessEnded when one is gone."""
        for name, process in self.running.items():
            if process.poll() is not None:
                raise ProcessEnded(name, self._last_words(name))

    def _last_words(self, name: str) -> str:
        lines = (self.logs / f"{name}.log").read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-15:])

    def stop(self) -> None:
        """Asks each to end, then makes it."""
        for process in self.running.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for process in self.running.values():
            try:
                process.wait(timeout=max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _answers(url: str) -> bool:
    try:
        http.fetch(url, max_bytes=1_000_000, timeout_seconds=5)
    except OutboundError:
        return False
    return True
