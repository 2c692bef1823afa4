"""Attacks on the door from another LMS: messages that it did not send, or not to us, or not now."""

import time
from typing import Any

import jwt
import pytest
from django.test import Client

from lti_platform.journal.models import Entry
from proctoring.door.models import ReturnAddress, Visitor
from tests.factories import ada, lena, make_exam, make_organization, mallory
from tests.proctoring.door.other_lms import LIS, SCORE, OtherLms
from tests.services.receiver import Answer, Receiver
from tests.tool_keys import ToolKey, tool_key

AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
pytestmark = pytest.mark.django_db


@pytest.fixture
def lms(receiver: Receiver) -> OtherLms:
    """An LMS whose learner Lena may come in."""
    made = OtherLms(receiver, make_exam())
    lena(employee_id="E-1001", organization=made.exam.context.organization)
    made.known_as()
    return made


def stays_out(answer: Any, browser: Client) -> None:
    assert answer.status_code == 400
    assert not Visitor.objects.exists()
    assert "_auth_user_id" not in browser.session
    assert Entry.objects.filter(fact_type="security.refused").exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://mallory.example"},
        {"iss": None},
        {"aud": "somebody-else"},
        {"aud": ["proctored-credentials", "somebody-else"]},
        {"aud": None},
        {"exp": None},
        {"exp": "soon"},
        {"iat": None},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
        {"sub": 7},
        {"sub": "x" * 256},
        {"sub": "moodle-77\0"},
        {"sub": ""},
        {"iss": "https://lms.northgate.example\0"},
        {"aud": [["proctored-credentials"]]},
        {"custom": {"exam": "\0"}},
        {"deployment_id": "2"},
        {"deployment_id": None},
        {"version": "1.2"},
        {"message_type": "LtiUnheardOf"},
        {"message_type": None},
        {"resource_link": None},
        {"resource_link": "link"},
        {"roles": "Learner"},
    ],
    ids=lambda changes: "-".join(f"{name}={str(value)[:20]}" for name, value in changes.items()),
)
def test_a_message_that_breaks_a_rule_lets_nobody_in(
    client: Client, lms: OtherLms, changes: dict[str, Any]
) -> None:
    stays_out(lms.launch(client, **changes), client)


@pytest.mark.parametrize(("claim", "seconds"), [("exp", -120), ("iat", 3600)])
def test_a_message_of_another_time_lets_nobody_in(
    client: Client, lms: OtherLms, claim: str, seconds: int
) -> None:
    changes: dict[str, Any] = {claim: int(time.time()) + seconds}
    stays_out(lms.launch(client, **changes), client)


@pytest.mark.parametrize(
    "key", [tool_key("other-lms-2"), ToolKey("other-lms")], ids=["unknown kid", "stolen kid"]
)
def test_a_signature_of_somebody_else_lets_nobody_in(client: Client, lms: OtherLms, key: ToolKey) -> None:
    stays_out(lms.launch(client, key=key), client)


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_only_rs256_is_a_signature(client: Client, lms: OtherLms, algorithm: str) -> None:
    asked = lms.begin(client)
    secret = "0" * 32 if algorithm == "HS256" else ""
    headers = {"kid": lms.key.kid}
    token = jwt.encode(lms.claims(asked), secret, algorithm=algorithm, headers=headers)
    stays_out(lms.post(client, token=token, state=asked["state"]), client)


def test_a_message_is_good_once(client: Client, lms: OtherLms) -> None:
    asked = lms.begin(client)
    token = lms.key.sign(lms.claims(asked))
    assert lms.post(client, token=token, state=asked["state"]).status_code == 302
    assert lms.post(client, token=token, state=asked["state"]).status_code == 400


def test_a_message_is_good_in_the_browser_that_asked_for_it_alone(client: Client, lms: OtherLms) -> None:
    asked = lms.begin(client)
    other = Client()
    lms.begin(other)
    token = lms.key.sign(lms.claims(asked))
    stays_out(lms.post(other, token=token, state=asked["state"]), other)


def test_a_platform_that_is_off_lets_nobody_in(client: Client, lms: OtherLms) -> None:
    asked = lms.begin(client)
    token = lms.key.sign(lms.claims(asked))
    lms.known().update(is_enabled=False)
    stays_out(lms.post(client, token=token, state=asked["state"]), client)
    assert client.get("/door/login", {"iss": "x", "login_hint": "h"}).status_code == 400


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"iss": "\0", "login_hint": "h"},
        {"iss": "https://lms.northgate.example", "login_hint": "h", "client_id": "\0"},
        {"iss": "https://lms.northgate.example", "login_hint": ""},
        {"iss": "https://lms.northgate.example/", "login_hint": "h"},
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_login_that_nobody_can_answer_is_refused(
    client: Client, lms: OtherLms, method: str, asked: dict[str, str]
) -> None:
    stays_out(getattr(client, method)("/door/login", asked), client)


@pytest.mark.parametrize(
    "address", ["https://lms.example/7\0", "https://[7", "ftp://lms.example/7", "//x/7", 7]
)
def test_a_line_item_that_is_no_address_is_none(client: Client, lms: OtherLms, address: object) -> None:
    endpoint: dict[str, Any] = {AGS: {"scope": [SCORE], "lineitem": address}}
    assert lms.launch(client, **endpoint).status_code == 302
    assert not ReturnAddress.objects.exists()


@pytest.mark.parametrize(
    "answer",
    [
        Answer(body=b"<html>"),
        Answer(body=b"[]"),
        Answer(body=b'{"keys": 7}'),
        Answer(body=b'{"keys": [{"kid": "other-lms", "kty": "RSA"}]}'),
        Answer(status=302, headers={"Location": "http://169.254.169.254/"}),
        Answer(reset=True),
        Answer(body=b"0" * 300_000),
    ],
    ids=["html", "list", "no keys", "half a key", "redirect inside", "hangs up", "huge"],
)
def test_a_key_set_that_is_none_lets_nobody_in(client: Client, lms: OtherLms, answer: Answer) -> None:
    lms.receiver.answers["/jwks"] = answer
    stays_out(lms.launch(client), client)


@pytest.mark.parametrize("token", ["", "a.b.c", "a.b", "\0", "e30.e30.e30", "W10.W10.x", "bnVsbA.bnVsbA.x"])
def test_what_is_no_token_lets_nobody_in(client: Client, lms: OtherLms, token: str) -> None:
    stays_out(lms.post(client, token=token, state=lms.begin(client)["state"]), client)


def test_who_builds_a_course_gets_exams_of_the_own_organization_alone(client: Client, lms: OtherLms) -> None:
    other = make_exam(title="Secret exam of others")
    other.context.organization = make_organization("Other Company")
    other.context.save()
    page = lms.launch_picker(client)
    assert lms.exam.title in page.content.decode()
    assert "Secret exam" not in page.content.decode()
    assert client.post("/door/offer", {"exam": str(other.pk)}).status_code == 400


def test_a_learner_picks_no_exams_and_nobody_picks_twice(client: Client, lms: OtherLms) -> None:
    assert lms.launch_picker(client, roles=[f"{LIS}Learner"]).status_code == 400
    lms.launch_picker(client)
    chosen = {"exam": str(lms.exam.pk)}
    assert [client.post("/door/offer", chosen).status_code for _ in range(2)] == [200, 400]


def test_the_address_to_go_back_to_is_a_web_address(client: Client, lms: OtherLms) -> None:
    assert (
        lms.launch_picker(client, settings={"deep_link_return_url": "javascript:alert(1)"}).status_code == 400
    )


@pytest.mark.parametrize("path", ["", "edit"])
def test_an_admin_of_another_company_sees_nothing(client: Client, lms: OtherLms, path: str) -> None:
    platform = lms.known().get()
    client.force_login(mallory("lms_admin"))
    assert platform.name not in client.get("/admin/other-platforms/").content.decode()
    assert client.get(f"/admin/other-platforms/{platform.pk}/{path}").status_code == 404


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "key_set_url"])
@pytest.mark.parametrize(
    "address", ["http://lms.example/x", "https://169.254.169.254/x", "javascript:alert(1)"]
)
def test_addresses_that_lead_inside_are_not_kept(
    client: Client, lms: OtherLms, name: str, address: str
) -> None:
    platform = lms.known().get()
    client.force_login(ada())
    values = lms.form(platform) | {name: address}
    assert client.post(f"/admin/other-platforms/{platform.pk}/edit", values).status_code == 200
    assert getattr(lms.known().get(), name) == getattr(platform, name)
