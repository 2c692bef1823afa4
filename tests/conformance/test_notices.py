"""Platform Notification Service 1.0, clause by clause."""

import json
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from lti_platform.launches.contributing import claims_for
from lti_platform.notices import queueing, sending, subscribing
from lti_platform.notices.addresses import service_url
from lti_platform.notices.models import Notice
from lti_platform.notices.vocabulary import CLAIM, CONTEXT_COPY, HELLO_WORLD, SERVICE_CLAIM
from lti_platform.tools.scopes import NOTICE_HANDLERS, SCORE
from tests.calling import make_tool
from tests.factories import ada, make_context, make_deployment, make_link
from tests.launching import make_launch
from tests.lti_platform.notices.staging import greeted, make_wanting_tool, send, told
from tests.services.receiver import Answer, Receiver

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


@pytest.mark.parametrize("clause", ["PNS PUT an empty handler removes it"])
def test_an_empty_handler_removes_it(clause: str) -> None:
    tool = make_tool()
    host, url = tool.deployment.registration.domains[0], service_url(tool.deployment.pk)
    for handler in (f"https://{host}/n", ""):
        answer = tool.put(url, {"notice_type": CONTEXT_COPY, "handler": handler})
        assert (answer.status_code, answer.json()["handler"]) == (200, handler)
    assert not tool.deployment.notice_handlers.exists()


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        pytest.param({"max_batch_size": None}, 200, id="PNS PUT max_batch_size null"),
        pytest.param({"max_batch_size": 7}, 200, id="PNS PUT max_batch_size integer"),
        pytest.param({"max_batch_size": "7"}, 400, id="PNS PUT max_batch_size text"),
        pytest.param({"notice_type": "LtiOtherNotice"}, 400, id="PNS PUT unknown notice_type"),
        pytest.param({"handler": "no address"}, 400, id="PNS PUT invalid handler"),
        pytest.param({"handler": "http"}, 400, id="PNS PUT handler without TLS"),
        pytest.param({"handler": "https://other.example/n"}, 400, id="PNS PUT handler of another host"),
    ],
)
def test_a_handler_is_judged(changes: dict[str, Any], status: int) -> None:
    tool = make_tool()
    handler = f"https://{tool.deployment.registration.domains[0]}/n"
    body = {"notice_type": CONTEXT_COPY, "handler": handler, **changes}
    if body["handler"] == "http":
        body["handler"] = handler.replace("https", "http")
    assert tool.put(service_url(tool.deployment.pk), body).status_code == status
    assert tool.deployment.notice_handlers.exists() == (status == 200)


@pytest.mark.parametrize("clause", ["PNS what is wrong with a handler is said in words"])
def test_a_refused_handler_is_explained(clause: str) -> None:
    tool = make_tool()
    body = {"notice_type": CONTEXT_COPY, "handler": "http://tool.example/n"}
    assert (
        tool.put(service_url(tool.deployment.pk), body).json()["detail"] == "handler must begin with https://"
    )


@pytest.mark.parametrize("clause", ["PNS the service is each deployment's own, with its scope and a token"])
def test_the_service_is_the_deployments(clause: str) -> None:
    tool = make_tool()
    url = service_url(tool.deployment.pk)
    assert tool.get(service_url(make_deployment().pk)).status_code == 404
    assert Client().get(url).status_code == 401
    tool.scopes = [SCORE]
    assert tool.get(url).status_code == 403


NOTICE_CLAIMS = ("iss", "aud", "azp", "iat", "exp", "nonce", *(f"{CLAIM}{name}" for name in (
    "version", "deployment_id", "notice",
)))  # fmt: skip


@pytest.mark.parametrize(
    "claim", NOTICE_CLAIMS, ids=lambda name: f"PNS notice carries {name.rpartition('/')[2]}"
)
def test_a_notice_says(receiver: Receiver, now: datetime, claim: str) -> None:
    notice = send(greeted(receiver, now=now), now=now)
    deployment = notice.deployment
    client_id, said = deployment.registration.client_id, notice.created_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    wanted = {
        "iss": settings.PLATFORM_URL,
        "aud": client_id,
        "azp": client_id,
        f"{CLAIM}version": "1.3.0",
        f"{CLAIM}deployment_id": deployment.deployment_id,
        f"{CLAIM}notice": {"id": str(notice.pk), "timestamp": said, "type": HELLO_WORLD},
    }
    [[claims]] = told(receiver, audience=client_id, now=now)
    assert claims[claim] == wanted.get(claim, claims[claim]) != ""


@pytest.mark.parametrize("claim", ["sub", f"{CLAIM}message_type"], ids="PNS notice has no {}".format)
def test_a_notice_speaks_of_nobody(receiver: Receiver, now: datetime, claim: str) -> None:
    notice = send(greeted(receiver, now=now), now=now)
    [[claims]] = told(receiver, audience=notice.deployment.registration.client_id, now=now)
    assert claim not in claims


@pytest.mark.parametrize(
    "clause", ["PNS delivery is a JSON post of notices, each a jwt, without credentials"]
)
def test_notices_are_posted(receiver: Receiver, now: datetime, clause: str) -> None:
    send(greeted(receiver, now=now), now=now)
    [asked] = receiver.asked
    assert (asked.method, asked.headers["content-type"]) == ("POST", "application/json")
    assert "authorization" not in asked.headers
    assert [list(one) for one in json.loads(asked.body)["notices"]] == [["jwt"]]


@pytest.mark.parametrize("clause", ["PNS LtiContextCopyNotice names the new context and origin_contexts"])
def test_a_copy_is_told_with_its_origins(receiver: Receiver, now: datetime, clause: str) -> None:
    deployment, copy, origin = make_wanting_tool(receiver), make_context(), make_context()
    make_link(copy, deployment)
    subscribing.subscribe(deployment, notice_type=CONTEXT_COPY, url=receiver.url("/notices"), now=now)
    queueing.tell_of_copy(copy.pk, origin_ids=[str(origin.pk)], now=now)
    sending.send_due(now=now)
    [[claims]] = told(receiver, audience=deployment.registration.client_id, now=now)
    assert (claims[f"{CLAIM}notice"]["type"], claims[f"{CLAIM}context"]["id"]) == (CONTEXT_COPY, str(copy.pk))
    assert claims[f"{CLAIM}origin_contexts"] == [str(origin.pk)]


@pytest.mark.parametrize(
    ("status", "state"),
    [
        pytest.param(204, Notice.State.DELIVERED, id="PNS 2xx is delivered"),
        pytest.param(503, Notice.State.DUE, id="PNS 5xx is tried again"),
        pytest.param(429, Notice.State.DUE, id="PNS 429 is tried again"),
        pytest.param(410, Notice.State.DROPPED, id="PNS 4xx is dropped"),
        pytest.param(307, Notice.State.DUE, id="PNS redirects are not followed"),
    ],
)
def test_what_the_handler_answers_counts(
    receiver: Receiver, now: datetime, status: int, state: Notice.State
) -> None:
    receiver.answers["/notices"] = Answer(status=status, headers={"Location": receiver.url("/elsewhere")})
    assert send(greeted(receiver, now=now), now=now).state == state
    assert [asked.path for asked in receiver.asked] == ["/notices"]


@pytest.mark.parametrize("clause", ["PNS a retry has the id of the first try"])
def test_a_retry_is_the_same_notice(receiver: Receiver, now: datetime, clause: str) -> None:
    receiver.answers["/notices"] = Answer(status=500)
    notice = send(greeted(receiver, now=now), now=now)
    send(notice, now=notice.due_at)
    claims = told(receiver, audience=notice.deployment.registration.client_id, now=now)
    assert [post[0][f"{CLAIM}notice"]["id"] for post in claims] == [str(notice.pk)] * 2
