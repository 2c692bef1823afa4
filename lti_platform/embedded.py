"""The embedded worker and scheduler: threads of the one server process, for a broker in its memory."""

import logging
import threading

from celery import Celery
from celery.beat import EmbeddedService

log = logging.getLogger(__name__)


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
