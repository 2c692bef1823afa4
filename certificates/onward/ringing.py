"""Ringing a worker for one delivery: an id and nothing else; the sweep finds what was not heard."""

import logging

from celery import current_app

log = logging.getLogger(__name__)
SEND = "onward.send"


def ring(delivery_id: str) -> None:
    """Tells a worker that the delivery is due."""
    try:
        current_app.send_task(SEND, [delivery_id], ignore_result=True, retry=False)
    except Exception:  # the delivery is committed; the sweep will find it
        log.warning("broker out of reach; the sweep will find delivery %s", delivery_id, exc_info=True)
