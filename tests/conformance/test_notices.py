"""Platform Notification Service 1.0, clause by clause."""

from datetime import datetime

import pytest
from django.test import Client

from lti_platform.launches.contributing import claims_for
from lti_platform.notices.addresses import service_url
from lti_platform.notices.models import Notice
from lti_platform.notices.vocabulary import CONTEXT_COPY, HELLO_WORLD, SERVICE_CLAIM
from lti_platform.tools.scopes import NOTICE_HANDLERS
from tests.calling import make_tool
from tests.factories import ada
from tests.launching import make_launch

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("granted", [True, False], ids=["PNS claim, with the scope", "PNS claim, without it"])
def test_a_launch_says_where_notices_are_asked_for(now: datetime, granted: bool) -> None:
    tool = make_tool()
    tool.deployment.registration.scopes = [NOTICE_HANDLERS] if granted else []
    tool.deployment.registration.save()
    claim = claims_for(make_launch(tool, now=now), reserved=frozenset(), now=now).get(SERVICE_CLAIM)
    wanted = {
        "service_versions": ["1.0"],
        "platform_notification_service_url": service_url(tool.deployment.pk),
        "scope": [NOTICE_HANDLERS],
        "notice_types_supported": [HELLO_WORLD, CONTEXT_COPY],
    }
    assert claim == (wanted if granted else None)


@pytest.mark.parametrize("clause", ["PNS GET lists every type, empty where there is no handler"])
def test_the_catalogue_is_whole(clause: str) -> None:
    tool = make_tool()
    handler = f"https://{tool.deployment.registration.domains[0]}/n"
    url = service_url(tool.deployment.pk)
    tool.put(url, {"notice_type": CONTEXT_COPY, "handler": handler, "max_batch_size": 10})
    assert tool.get(url).json() == {
        "client_id": tool.deployment.registration.client_id,
        "deployment_id": tool.deployment.deployment_id,
        "notice_handlers": [
            {"notice_type": HELLO_WORLD, "handler": ""},
            {"notice_type": CONTEXT_COPY, "handler": handler, "max_batch_size": 10},
        ],
    }


@pytest.mark.parametrize("clause", ["PNS PUT answers with the handler; one for each type"])
def test_a_second_handler_takes_the_place_of_the_first(clause: str) -> None:
    tool = make_tool()
    host, url = tool.deployment.registration.domains[0], service_url(tool.deployment.pk)
    for path in ("old", "new"):
        asked = {"notice_type": CONTEXT_COPY, "handler": f"https://{host}/{path}"}
        assert tool.put(url, asked).json() == asked
    assert tool.deployment.notice_handlers.get().url.endswith("/new")


@pytest.mark.parametrize("clause", ["PNS hello-world notice follows its subscription"])
def test_asking_for_greetings_is_answered_with_one(client: Client, clause: str) -> None:
    tool = make_tool()
    asked = {"notice_type": HELLO_WORLD, "handler": f"https://{tool.deployment.registration.domains[0]}/n"}
    tool.put(service_url(tool.deployment.pk), asked)
    client.force_login(ada())
    client.post(f"/admin/tools/{tool.deployment.registration_id}/notices/hello/")
    assert Notice.objects.filter(notice_type=HELLO_WORLD).count() == 2
