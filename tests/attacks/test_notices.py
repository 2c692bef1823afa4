"""Attacks on notices: addresses and deployments that are not the tool's, and handlers that misbehave."""

from datetime import datetime

import pytest
from django.test import Client

from lti_platform.notices.addresses import service_url
from lti_platform.notices.models import Notice, NoticeHandler
from lti_platform.notices.vocabulary import HELLO_WORLD
from tests.calling import CallingTool, make_tool
from tests.factories import ada, make_deployment
from tests.lti_platform.notices.staging import greeted, send
from tests.services.receiver import Answer, Receiver

pytestmark = pytest.mark.django_db


def own_address(tool: CallingTool) -> str:
    return f"https://{tool.deployment.registration.domains[0]}/notices"


def subscribe(tool: CallingTool, **changes: object) -> "tuple[int, dict[str, object]]":
    body = {"notice_type": HELLO_WORLD, "handler": own_address(tool), **changes}
    response = tool.put(service_url(tool.deployment.pk), body)
    return response.status_code, response.json()


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"notice_type": "LtiGoodbyeNotice"}, id="case-206 a type we do not send"),
        pytest.param({"notice_type": None}, id="case-206 no type"),
        pytest.param({"notice_type": [HELLO_WORLD]}, id="case-206 a list of types"),
        pytest.param({"handler": "javascript:alert(1)"}, id="case-206 a script"),
        pytest.param({"handler": 7}, id="case-206 a number"),
        pytest.param({"handler": "https://mallory.example/notices"}, id="case-206 another host"),
        pytest.param({"handler": "https://169.254.169.254/latest"}, id="case-206 inside the network"),
        pytest.param({"handler": "http"}, id="case-206 plain HTTP"),
        pytest.param({"max_batch_size": 0}, id="case-206 empty batches"),
        pytest.param({"max_batch_size": True}, id="case-206 a batch of true"),
    ],
)
def test_what_is_no_handler_is_not_kept(changes: dict[str, object]) -> None:
    tool = make_tool()
    if changes.get("handler") == "http":
        changes = {"handler": own_address(tool).replace("https", "http")}
    status, body = subscribe(tool, **changes)
    assert status == 400
    assert str(body["code"]).endswith(("_refused", "_unknown"))
    assert not NoticeHandler.objects.exists()
    assert not Notice.objects.exists()


@pytest.mark.parametrize("times", [pytest.param(1, id="case-207 once"), pytest.param(2, id="case-207 again")])
def test_an_empty_handler_removes_it(times: int) -> None:
    tool = make_tool()
    subscribe(tool)
    for _ in range(times):
        answer = subscribe(tool, handler="")
    assert answer == (200, {"notice_type": HELLO_WORLD, "handler": ""})
    assert not NoticeHandler.objects.exists()


@pytest.mark.parametrize("method", ["GET", "PUT"])
@pytest.mark.parametrize(
    "whose",
    [
        pytest.param("another", id="case-208 another tool's"),
        pytest.param("sibling", id="case-208 a sibling's"),
    ],
)
def test_another_deployment_does_not_exist_for_the_tool(whose: str, method: str) -> None:
    tool = make_tool()
    tool.is_bound = True
    registration = tool.deployment.registration if whose == "sibling" else None
    url = service_url(make_deployment(registration).pk)
    body = {"notice_type": HELLO_WORLD, "handler": own_address(tool)} if method == "PUT" else None
    assert tool.call(method, url, body).status_code == 404
    assert not NoticeHandler.objects.exists()


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer(status=500), id="case-209 fails"),
        pytest.param(Answer(reset=True), id="case-209 hangs up"),
        pytest.param(
            Answer(status=307, headers={"Location": "http://169.254.169.254/"}),
            id="case-209 redirects inside",
        ),
    ],
)
def test_a_handler_that_misbehaves_is_tried_again_and_shown_to_the_admin(
    receiver: Receiver, client: Client, now: datetime, answer: Answer
) -> None:
    receiver.answers["/notices"] = answer
    notice = send(greeted(receiver, now=now), now=now)
    assert (notice.state, notice.attempts) == (Notice.State.DUE, 1)
    assert len(receiver.asked) == 1
    client.force_login(ada())
    page = client.get(f"/admin/tools/{notice.deployment.registration_id}/notices/").content.decode()
    assert "On its way" in page
    assert notice.last_error.split(":")[0] in page
