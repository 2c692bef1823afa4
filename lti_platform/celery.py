"""The Celery application: carries ids, never intentions. The beat schedule comes from the packages' `tasks.py`."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lti_platform.settings")

app = Celery("platform")
app.config_from_object(
    {
        "task_ignore_result": True,
        "task_acks_late": False,  # the database holds the intention; a lost message costs latency
        "worker_prefetch_multiplier": 1,
        "worker_hijack_root_logger": False,
        "broker_connection_retry_on_startup": True,
        "task_publish_retry": False,
        "timezone": "UTC",
    }
)
app.autodiscover_tasks()


@app.on_configure.connect
def use_settings(sender: Celery, **kwargs: Any) -> None:
    from django.conf import settings

    sender.conf.broker_url = settings.BROKER_URL
    sender.conf.broker_transport_options = settings.BROKER_TRANSPORT_OPTIONS


@beat_init.connect
@worker_init.connect
def refuse_unsafe_settings(**kwargs: Any) -> None:
    from django.core.management.base import SystemCheckError

    from lti_platform import starting

    try:
        starting.refuse_unsafe_settings()
    except SystemCheckError as error:
        raise SystemExit(str(error)) from error  # Celery logs what a receiver raises, and goes on


@beat_init.connect
@worker_init.connect
def schedule_jobs(**kwargs: Any) -> None:
    app.conf.beat_schedule = beat_schedule()


def beat_schedule() -> dict[str, dict[str, Any]]:
    """One entry for each periodic job; a message not taken within its period is dropped."""
    from lti_platform.journal.schedule import jobs

    return {
        name: {
            "task": "journal.run_periodic",
            "schedule": seconds,
            "args": (name,),
            "options": {"expires": max(seconds, 5)},
        }
        for name, seconds in jobs().items()
    }
