"""Ringing the worker: an id and nothing else. A lost ring costs latency; the sweep finds what is due."""

import logging

from celery import current_app

log = logging.getLogger(__name__)
REACT = "journal.react"


def ring(entry_id: str) -> None:
    """Tells a worker that the entry owes reactions. A broker out of reach is logged, never raised."""
    try:
        current_app.send_task(REACT, [entry_id], ignore_result=True, retry=False)
    except Exception:  # whatever the broker's library raises, the change is already committed
        log.warning("broker out of reach; the sweep will find %s", entry_id, exc_info=True)
