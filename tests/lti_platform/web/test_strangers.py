"""What strangers send wrongly: programs are answered as programs, and the log stays short."""

import logging
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils.module_loading import import_string

from tests.factories import lena

pytestmark = pytest.mark.django_db
NOBODYS = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("method", "address", "status", "code"),
    [
        ("get", "/api/v1/nothing", 404, "not_found"),
        ("post", "/api/v1/evidence/sessions/not-a-session/end", 404, "not_found"),
        ("delete", f"/api/v1/evidence/sessions/{NOBODYS}/items", 405, "method_not_allowed"),
        ("get", "/lti/contexts/not-a-course/memberships", 404, "not_found"),
        ("post", "/lti/proctoring/sessions/not-a-session/control", 404, "not_found"),
    ],
)
def test_programs_get_problem_json_wherever_a_service_may_be(
    client: Client, method: str, address: str, status: int, code: str
) -> None:
    answer = getattr(client, method)(address)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == code
    assert status != 405 or "POST" in answer.headers["Allow"]


def test_people_still_get_a_page(client: Client) -> None:
    answer = client.get("/nothing")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("x=" + "a" * 3_000_000, id="more than a form may hold"),
        pytest.param(
            "&".join(f"a{number}=1" for number in range(3000)), id="more fields than a form may have"
        ),
    ],
)
def test_a_strangers_oversize_form_leaves_one_line_in_the_log(
    client: Client, body: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        answer = client.post("/accounts/login/", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in (400, 413)
    broken = [record for record in caplog.records if record.name.startswith("django.security.")]
    assert len(broken) == 1
    written = logged(broken[0])
    assert "Traceback" not in written
    assert written.count("\n") == 0


def logged(record: logging.LogRecord) -> str:
    """The record as our settings write it."""
    shape: dict[str, Any] = settings.LOGGING
    assert "brief" in shape["handlers"]["console"]["filters"]
    brief = import_string(shape["filters"]["brief"]["()"])()
    assert brief.filter(record)
    return logging.Formatter(shape["formatters"]["line"]["format"]).format(record)


def test_a_page_that_is_not_there_is_no_failure_of_ours(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        answer = client.get("/launch-nobody-knows/")
        client.force_login(lena())
        refused = client.get("/admin/tools/")
    assert (answer.status_code, refused.status_code) == (404, 403)
    assert f"reference {refused.headers['X-Request-ID']}" in caplog.text
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
