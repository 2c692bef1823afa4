"""What workers run for deliveries: take an id, call one function."""

from datetime import datetime
from uuid import UUID

from celery import shared_task

from certificates.onward import ringing, sending
from lti_platform.journal import clock
from lti_platform.journal.schedule import every


@shared_task(name=ringing.SEND, ignore_result=True)
def send(delivery_id: str) -> None:
    sending.send(UUID(delivery_id), now=clock.now())


@every(seconds=5)
def send_due(*, now: datetime) -> None:
    sending.send_due(now=now)
