"""Start a server, wait until it answers, and end it whatever happens."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

NOBODY = 65534


class ServiceNotReady(RuntimeError):
    """The server ended, or did not answer in time; carries the end of its log."""


def free_port() -> int:
    """A TCP port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def accepts(port: int) -> bool:
    """Whether something listens on the loopback port."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=0.5):
        return True
    return False


def is_root() -> bool:
    """Whether servers that refuse root must be started as somebody else."""
    return os.geteuid() == 0


def owned_by_nobody(directory: Path) -> None:
    """Give a directory of ours, and what is in it, to the account that root starts servers as."""
    for path in (directory, *directory.rglob("*")):
        shutil.chown(path, NOBODY, NOBODY)


@contextlib.contextmanager
def running(
    command: Sequence[str | Path],
    *,
    ready: Callable[[], bool],
    log: Path,
    timeout_seconds: float = 60,
    stop_signal: int = signal.SIGTERM,
    as_nobody: bool = False,
    environment: dict[str, str] | None = None,
    folder: Path | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """The server while the block runs; it is killed if the signal does not end it within ten seconds.

    It runs in `folder`, or in its log's.
    """
    account = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if as_nobody and is_root() else {}
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=os.environ | (environment or {}),
            cwd=folder or log.parent,
            start_new_session=True,
            **account,  # type: ignore[call-overload]
        )
    try:
        _wait(process, ready=ready, log=log, timeout_seconds=timeout_seconds)
        yield process
    finally:
        _end(process, stop_signal=stop_signal)


def _wait(
    process: subprocess.Popen[bytes], *, ready: Callable[[], bool], log: Path, timeout_seconds: float
) -> None:
    until = time.monotonic() + timeout_seconds
    while not ready():
        if process.poll() is not None or time.monotonic() > until:
            raise ServiceNotReady(f"{process.args!r}\n{log.read_text(errors='replace')[-4000:]}")
        time.sleep(0.05)


def _end(process: subprocess.Popen[bytes], *, stop_signal: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(stop_signal)
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
