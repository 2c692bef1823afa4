import pytest
from django.conf import LazySettings

from lti_platform.web.checks import check_address, check_production

SOUND = {
    "PLATFORM_URL": "https://exams.example.test",
    "HTTPS": True,
    "ALLOWED_HOSTS": ["exams.example.test"],
    "DEBUG": False,
    "OUTBOUND_PLAIN_HTTP_HOSTS": [],
    "EMAIL_URL": "smtp+tls://mail.example.test:587",
    "SECRET_KEY_IS_GENERATED": False,
    "BEHIND_TLS_PROXY": True,
    "ALLAUTH_TRUSTED_PROXY_COUNT": 1,
}
PLAIN = {"HTTPS": False, "OUTBOUND_PLAIN_HTTP_HOSTS": ["127.0.0.1:8001"], "DEBUG": True, "EMAIL_URL": ""}


def found(settings: LazySettings, **changes: object) -> list[str | None]:
    """The ids of all that is wrong with a sound platform so changed."""
    for name, value in {**SOUND, **changes}.items():
        setattr(settings, name, value)
    return [message.id for message in (*check_address(), *check_production())]


def test_a_sound_platform_is_told_nothing(settings: LazySettings) -> None:
    assert found(settings) == []


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_ones_own_machine_may_do_without_tls_and_mail(settings: LazySettings, host: str) -> None:
    assert found(settings, PLATFORM_URL=f"http://{host}:8000", ALLOWED_HOSTS=[host], **PLAIN) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://exams.example.test/",
        "https://exams.example.test/lti",
        "https://exams.example.test?a=b",
        "https://exams.example.test#top",
        "https://ada:secret@exams.example.test",
        "exams.example.test",
        "ftp://exams.example.test",
        "https://",
        "https://[exams",
        "",
    ],
)
def test_an_issuer_that_is_more_or_less_than_scheme_and_host_is_refused(
    settings: LazySettings, url: str
) -> None:
    assert "web.E001" in found(settings, PLATFORM_URL=url)


@pytest.mark.parametrize("host", ["exams.example.test", "localhost.example.test", "192.168.1.5"])
def test_a_public_host_without_tls_is_refused(settings: LazySettings, host: str) -> None:
    ids = found(settings, PLATFORM_URL=f"http://{host}", HTTPS=False, ALLOWED_HOSTS=[host])
    assert ids == ["web.E002"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"DEBUG": True}, "web.E003"),
        ({"OUTBOUND_PLAIN_HTTP_HOSTS": ["127.0.0.1"]}, "web.E004"),
        ({"ALLOWED_HOSTS": ["other.example.test"]}, "web.E005"),
        ({"EMAIL_URL": ""}, "web.W001"),
        ({"BEHIND_TLS_PROXY": False}, "web.W003"),
        ({"ALLAUTH_TRUSTED_PROXY_COUNT": 0}, "web.W004"),
    ],
)
def test_each_unsafe_choice_is_named(
    settings: LazySettings, changes: dict[str, object], expected: str
) -> None:
    assert found(settings, **changes) == [expected]


def test_a_secret_of_each_machines_own_is_named_beside_a_shared_database(settings: LazySettings) -> None:
    assert found(settings, SECRET_KEY_IS_GENERATED=True, DATABASE_IS_SHARED=False) == []
    assert found(settings, SECRET_KEY_IS_GENERATED=True, DATABASE_IS_SHARED=True) == ["web.W002"]


def test_any_subdomain_may_be_allowed(settings: LazySettings) -> None:
    assert found(settings, ALLOWED_HOSTS=[".example.test"]) == []
