"""The one place that reads the time for a request or a task; everything deeper is handed `now`."""

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """The present moment, aware, UTC."""
    return timezone.now()
