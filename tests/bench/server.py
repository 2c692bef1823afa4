"""The production server as the demonstration starts it: one gunicorn worker with threads, and no worker beside it."""

import os
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.services.processes import running

ROOT = Path(__file__).resolve().parents[2]
THREADS = 8
STAT_TICKS_AT = 11  # utime, then stime, counted after the name in brackets (proc(5), /proc/pid/stat)


@dataclass(frozen=True)
class Server:
    """A server that answers on `port`; `worker` is the process that does the work."""

    port: int
    worker: int

    def cpu_seconds(self) -> float:
        """CPU time the worker has used, its threads and the kernel's work for it included."""
        fields = Path(f"/proc/{self.worker}/stat").read_text().rpartition(")")[2].split()
        user, system = fields[STAT_TICKS_AT : STAT_TICKS_AT + 2]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def server(*, database: str, port: int, folder: Path) -> Iterator[Server]:
    """The server while the block runs."""
    command = [sys.executable, "-m", "gunicorn", "lti_platform.wsgi", "--chdir", str(ROOT)]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", "1", "--worker-class", "gthread"]
    command += ["--threads", str(THREADS), "--no-control-socket"]
    environment = {"DATABASE_URL": database, "PYTHONPATH": str(ROOT)}
    log = folder / "server.log"
    with running(command, ready=lambda: _answers(port), log=log, environment=environment) as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        yield Server(port=port, worker=int(children[0]))


def _answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://localhost:{port}/.well-known/jwks.json", timeout=10).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
