"""An error says what happened, that nothing was lost, and by which reference it can be found."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import include, path

from lti_platform.web.views import errors
from tests.factories import lena


def breaks(request: HttpRequest) -> HttpResponse:
    raise DatabaseError("password=hunter2 at 10.0.0.7")


def refuses(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("secret reason")


handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
urlpatterns = [
    path("breaks/", breaks),
    path("refuses/", refuses),
    path("", include("lti_platform.web.urls")),
    path("accounts/", include("allauth.urls")),
]


@pytest.fixture
def visitor(settings: LazySettings, db: None) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


def test_a_page_that_fails_names_a_reference_and_leaks_nothing(visitor: Client) -> None:
    response = visitor.get("/breaks/")
    page = response.content.decode()
    assert response.status_code == 500
    assert response["X-Request-ID"] in page
    assert "hunter2" not in page
    assert "DatabaseError" not in page
    assert response["Content-Security-Policy"].startswith("default-src 'none'")


def test_the_page_of_a_failure_needs_no_database(visitor: Client, django_assert_num_queries: object) -> None:
    request = RequestFactory().get("/")
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert errors.server_error(request).status_code == 500


def test_the_reference_is_in_the_log_beside_the_kind_of_error(
    visitor: Client, caplog: pytest.LogCaptureFixture
) -> None:
    reference = visitor.get("/breaks/")["X-Request-ID"]
    assert f"reference {reference}: DatabaseError at /breaks/" in caplog.messages


def test_a_refusal_keeps_its_reason_to_itself(visitor: Client) -> None:
    visitor.force_login(lena())
    response = visitor.get("/refuses/")
    assert response.status_code == 403
    assert "secret reason" not in response.content.decode()
    assert "You may not open this page." in response.content.decode()
    assert "Lena Ruiz" in response.content.decode()


def test_a_missing_page_speaks_the_language_of_the_browser(visitor: Client) -> None:
    response = visitor.get("/nowhere/", headers={"accept-language": "es"})
    assert response.status_code == 404
    assert "No hay ninguna página en esta dirección." in response.content.decode()
    assert '<html lang="es">' in response.content.decode()


def test_an_address_with_markup_is_not_echoed(visitor: Client) -> None:
    page = visitor.get("/<script>alert(1)</script>/").content.decode()
    assert "<script>alert" not in page


def test_a_form_without_its_token_is_told_apart_from_a_forbidden_page(
    settings: LazySettings, visitor: Client
) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/language/", {"language": "es"})
    assert response.status_code == 403
    assert "This form was open too long" in response.content.decode()


def test_a_request_we_cannot_read_is_told_so() -> None:
    response = errors.bad_request(RequestFactory().get("/"), ValueError("inner words"))
    assert response.status_code == 400
    assert "inner words" not in response.content.decode()


def test_the_handlers_are_the_ones_the_platform_uses(settings: LazySettings) -> None:
    root = Path(settings.BASE_DIR, "lti_platform", "urls.py").read_text(encoding="utf-8")
    for name in ("bad_request", "forbidden", "not_found", "server_error"):
        assert f"lti_platform.web.views.errors.{name}" in root
    assert settings.CSRF_FAILURE_VIEW == "lti_platform.web.views.errors.csrf_failure"
