"""The embedded worker and scheduler: threads of the one server process, for a broker in its memory."""

import fcntl
import logging
import os
import threading
import time
from pathlib import Path

from celery import Celery
from celery.beat import EmbeddedService

log = logging.getLogger(__name__)
# A server being reloaded lets the old process end while the new one starts.
WAIT_SECONDS = 20


class AnotherProcess(Exception):
    """A second server process would have a broker, a worker and a scheduler of its own, unknown to the first."""


def stay_alone(lock: Path, *, wait_seconds: float = WAIT_SECONDS) -> None:
    """Holds the lock until this process ends. Raises AnotherProcess when one that holds it does not end in time."""
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)  # never closed: the lock lasts as long
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                os.close(descriptor)
                raise AnotherProcess(
                    f"Another server process holds {lock}. The broker lives in the memory of one process: run one, "
                    "or set BROKER_URL to a broker outside."
                ) from None
        time.sleep(0.1)


class EmbeddedWorker:
    """A Celery worker (solo pool) and beat, each in a thread; stopped with the process."""

    def __init__(self, app: Celery) -> None:
        self.app = app
        self.beat = EmbeddedService(app, max_interval=1, thread=True, scheduler_cls="celery.beat:Scheduler")

    def start(self) -> None:
        """Starts both threads and returns at once."""
        from lti_platform.celery import beat_schedule

        self.app.conf.beat_schedule = beat_schedule()
        threading.Thread(target=self._work, name="embedded-worker", daemon=True).start()
        self.beat.daemon = True
        self.beat.start()
        log.info("embedded worker and scheduler started")

    def _work(self) -> None:
        worker = self.app.WorkController(
            pool="solo", concurrency=1, loglevel="INFO", without_heartbeat=True, without_mingle=True,
            without_gossip=True, quiet=True, ready_callback=lambda worker: None,
        )  # fmt: skip
        worker.start()
