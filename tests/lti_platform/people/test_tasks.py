from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.models import Session

from lti_platform.journal import schedule

pytestmark = pytest.mark.django_db


def test_sessions_that_ended_are_forgotten(now: datetime) -> None:
    for name, days in (("over", -1), ("open", 1)):
        Session.objects.create(session_key=name, session_data="", expire_date=now + timedelta(days=days))
    assert schedule.run("lti_platform.people:forget_ended_sessions", now=now)
    assert [row.session_key for row in Session.objects.all()] == ["open"]
