from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from lti_platform.journal import schedule
from lti_platform.launches import steps
from lti_platform.launches.models import Launch, LaunchStep
from tests.calling import make_tool
from tests.factories import ada, make_context
from tests.launching import make_launch

pytestmark = pytest.mark.django_db
JOB = "lti_platform.launches:forget_old_steps"


@pytest.fixture
def launch(now: datetime) -> Launch:
    """A launch of today, with its first step."""
    made = make_launch(make_tool(make_context()), now=now, reference="7K3-QF2")
    steps.login_started(made, now=now).save()
    return made


def test_steps_are_kept_while_somebody_may_look_for_the_fault(launch: Launch, now: datetime) -> None:
    assert schedule.run(JOB, now=now + timedelta(days=90))
    assert LaunchStep.objects.count() == 1


def test_after_that_the_steps_go_and_the_launch_stays_and_can_be_shown(
    launch: Launch, now: datetime, client: Client
) -> None:
    assert schedule.run(JOB, now=now + timedelta(days=91))
    assert LaunchStep.objects.count() == 0
    client.force_login(ada())
    assert client.get(reverse("launch-detail", args=[launch.reference])).status_code == 200
