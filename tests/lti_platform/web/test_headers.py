"""Every answer carries a policy that allows our own files and nothing else, unless a view asks for more."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from lti_platform.web.headers import loosen, policy_header
from lti_platform.web.middleware import REFERENCE_ALPHABET, SecurityHeadersMiddleware, new_reference


def answer(
    *, csp: dict[str, str | None] | None = None, permissions: dict[str, str | None] | None = None
) -> HttpResponse:
    def view(request: HttpRequest) -> HttpResponse:
        return loosen(HttpResponse("ok"), csp=csp, permissions=permissions)

    response = SecurityHeadersMiddleware(view)(RequestFactory().get("/"))
    assert isinstance(response, HttpResponse)
    return response


def directives(response: HttpResponse) -> dict[str, str]:
    parts = (part.split(" ", 1) for part in response["Content-Security-Policy"].split("; "))
    return {part[0]: part[1] for part in parts}


def test_a_page_may_load_our_own_files_and_nothing_else() -> None:
    found = directives(answer())
    assert found["default-src"] == "'none'"
    assert found["script-src"] == found["style-src"] == found["font-src"] == found["connect-src"] == "'self'"
    assert found["frame-ancestors"] == found["base-uri"] == found["frame-src"] == "'none'"
    assert found["form-action"] == "'self'"
    assert "unsafe" not in policy_header({})


def test_a_view_may_frame_one_tool_and_keeps_the_rest() -> None:
    found = directives(answer(csp={"frame-src": "https://tool.example"}))
    assert found["frame-src"] == "https://tool.example"
    assert found["script-src"] == "'self'"


def test_a_view_may_drop_a_directive() -> None:
    assert "form-action" not in directives(answer(csp={"form-action": None}))


def test_asking_twice_adds_up() -> None:
    response = loosen(HttpResponse(), csp={"form-action": None})
    loosen(response, csp={"frame-src": "https://tool.example"})
    found = directives(SecurityHeadersMiddleware(lambda request: response)(RequestFactory().get("/")))  # type: ignore[arg-type]
    assert "form-action" not in found
    assert found["frame-src"] == "https://tool.example"


@pytest.mark.parametrize(
    ("ancestors", "said"), [("'none'", "DENY"), ("'self'", "SAMEORIGIN"), ("https://portal.example", None)]
)
def test_the_older_framing_header_says_the_same(ancestors: str, said: str | None) -> None:
    assert answer(csp={"frame-ancestors": ancestors}).get("X-Frame-Options") == said


def test_the_camera_is_closed_until_a_view_opens_it() -> None:
    assert "camera=()" in answer()["Permissions-Policy"]
    opened = answer(permissions={"camera": '(self "https://tool.example")'})["Permissions-Policy"]
    assert 'camera=(self "https://tool.example")' in opened
    assert "geolocation=()" in opened


def test_a_reference_can_be_read_aloud() -> None:
    references = {new_reference() for _ in range(200)}
    assert len(references) == 200
    for reference in references:
        assert len(reference) == 7
        assert reference[3] == "-"
        assert set(reference.replace("-", "")) <= set(REFERENCE_ALPHABET)
    assert not set("AEIOU01L") & set(REFERENCE_ALPHABET)


@pytest.mark.django_db
def test_each_answer_carries_the_headers_and_its_reference(client: Client) -> None:
    response = client.get("/privacy/")
    assert response["Content-Security-Policy"].startswith("default-src 'none'")
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin-allow-popups"
    assert response["X-Request-ID"] != client.get("/privacy/")["X-Request-ID"]
