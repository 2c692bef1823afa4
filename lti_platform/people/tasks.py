"""Periodic work about people."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session

from lti_platform.journal.schedule import every
from lti_platform.people import enrolling


@every(seconds=600)
def end_contracts(*, now: datetime) -> None:
    # A contract ends with its last day wherever on earth the site is; sign-in and launch judge it to the day.
    enrolling.end_contracts(on=(now - timedelta(hours=12)).date(), now=now)


@every(seconds=3600)
def forget_ended_sessions(*, now: datetime) -> None:
    Session.objects.filter(expire_date__lt=now).delete()
