"""The public proof: for guards with phones, and for machines."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from certificates import revoking
from certificates.models import Certificate
from certificates.verification import pdf_url, proof_url, prove
from tests.certificates.passing import make_certificate
from tests.counting import counted
from tests.factories import lena, make_person

pytestmark = pytest.mark.django_db
UNKNOWN = "A" * 22


def valid() -> Certificate:
    return make_certificate(timezone.now(), person=lena(family_name="Ruiz-Okonkwo"))


def endless() -> Certificate:
    return make_certificate(timezone.now(), validity="none", months=None)


def expired() -> Certificate:
    then, end = datetime(2020, 1, 31, tzinfo=UTC), date(2020, 2, 29)
    return make_certificate(then, validity="fixed_date", months=None, fixed_date=end)


def withdrawn() -> Certificate:
    return revoking.revoke(valid().pk, reason="Borrowed identity.", now=timezone.now())


def page(client: Client, certificate: Certificate, language: str = "en") -> str:
    response = client.get(f"/proof/{certificate.proof_token}/", headers={"accept-language": language})
    assert response.status_code == 200
    assert "no-store" in response["cache-control"]
    return response.content.decode()


@pytest.mark.parametrize(
    ("make", "language", "words"),
    [
        (valid, "en", ["Valid.", "valid until", "Confined space entry", "Northgate Energy", "L. R."]),
        (valid, "es", ["Válido.", "válido hasta", "Entrada a espacios confinados", "L. R."]),
        (endless, "en", ["Valid.", "no expiry date"]),
        (endless, "es", ["Válido.", "sin fecha de vencimiento"]),
        (expired, "en", ["Expired.", "29 February 2020", "Do not treat it as valid"]),
        (expired, "es", ["Vencido.", "29 de febrero de 2020", "No lo des por válido"]),
        (withdrawn, "en", ["Revoked.", "withdrawn on", "Do not treat it as valid"]),
        (withdrawn, "es", ["Revocado.", "No lo des por válido"]),
    ],
)
def test_the_page_says_in_words_where_it_stands(
    client: Client, make: Callable[[], Certificate], language: str, words: list[str]
) -> None:
    shown = page(client, make(), language)
    for word in words:
        assert word in shown, word


@pytest.mark.parametrize(
    ("language", "words"), [("en", "know this certificate. Do not"), ("es", "No conocemos este certificado")]
)
def test_an_unknown_certificate_is_never_shown_as_good(client: Client, language: str, words: str) -> None:
    response = client.get(f"/proof/{UNKNOWN}/", headers={"accept-language": language})
    assert response.status_code == 404
    assert words in response.content.decode()
    assert "is-proven" not in response.content.decode()


@pytest.mark.parametrize("make", [valid, expired, withdrawn])
def test_no_more_of_the_name_than_initials_is_shown(client: Client, make: Callable[[], Certificate]) -> None:
    certificate = make()
    person = certificate.person
    said = (
        page(client, certificate)
        + client.get(f"/proof/{certificate.proof_token}/status.json").content.decode()
    )
    for secret in (
        "Lena",
        "Ruiz",
        "Okonkwo",
        person.employee_id,
        str(person.pk),
        str(person.email),
        "Borrowed",
    ):
        assert secret not in said
    assert certificate.pdf_token not in said
    assert str(certificate.pk) not in said


@pytest.mark.parametrize(
    ("make", "status"), [(valid, "valid"), (endless, "valid"), (expired, "expired"), (withdrawn, "revoked")]
)
def test_machines_get_the_same_as_json(client: Client, make: Callable[[], Certificate], status: str) -> None:
    certificate = make()
    by_name = client.get(f"/proof/{certificate.proof_token}/status.json")
    by_accept = client.get(f"/proof/{certificate.proof_token}/", headers={"accept": "application/json"})
    for response in (by_name, by_accept):
        said = response.json()
        assert (response.status_code, said["status"], said["serial"]) == (200, status, certificate.serial)
        assert (said["revoked_at"] is not None) == (status == "revoked")
        assert said["as_of"].endswith("Z")
    assert "Accept" in by_accept["vary"]


def test_an_unknown_one_is_unknown_as_json(client: Client) -> None:
    response = client.get(f"/proof/{UNKNOWN}/status.json")
    assert (response.status_code, response.json()["status"]) == (404, "unknown")


def test_a_browser_gets_the_page(client: Client) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    response = client.get(f"/proof/{valid().proof_token}/", headers={"accept": accept})
    assert response["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    "token", ["x", "%00" * 16, "A" * 400, "../../etc/passwd", "é" * 20, "' OR 1=1 --aaaaaaa", " "]
)
def test_a_mangled_address_is_unknown_and_no_error(client: Client, token: str) -> None:
    for address in (f"/proof/{token}/", f"/proof/{token}/status.json", f"/paper/{token}/certificate.pdf"):
        assert client.get(address).status_code == 404


def test_tokens_are_told_apart_by_case(client: Client) -> None:
    certificate = valid()
    assert client.get(f"/proof/{certificate.proof_token.swapcase()}/").status_code == 404


def test_it_holds_to_the_end_of_its_last_day_where_the_issuer_is(now: datetime) -> None:
    certificate = make_certificate(now, validity="fixed_date", months=None, fixed_date=date(2026, 6, 30))
    end = datetime(2026, 7, 1, 4, 59, tzinfo=now.tzinfo)  # a minute before midnight in Chicago
    before, after = (
        prove(certificate.proof_token, now=end),
        prove(certificate.proof_token, now=end + timedelta(minutes=2)),
    )
    assert before is not None
    assert after is not None
    assert (before.standing, after.standing) == ("valid", "expired")


def test_a_proof_costs_one_query_and_no_session(client: Client) -> None:
    token = valid().proof_token
    client.get(f"/proof/{token}/")
    with counted() as queries:
        client.get(f"/proof/{token}/status.json")
    assert len(queries) == 1


def test_nobody_posts_to_a_proof(client: Client) -> None:
    assert client.post(f"/proof/{valid().proof_token}/").status_code == 405


def test_the_address_of_a_proof_does_not_lead_to_the_paper(client: Client) -> None:
    certificate = valid()
    assert client.get(f"/paper/{certificate.proof_token}/certificate.pdf").status_code == 404
    assert certificate.pdf_token not in proof_url(certificate)
    assert certificate.pdf_token in pdf_url(certificate)


@pytest.mark.parametrize("language", ["", "es", "xx", "..", "%00%00"])
def test_who_was_given_the_papers_address_gets_the_pdf(client: Client, language: str) -> None:
    response = client.get(f"/paper/{valid().pdf_token}/certificate.pdf?language={language}")
    assert (response.status_code, response["content-type"]) == (200, "application/pdf")
    assert response.content.startswith(b"%PDF")


def test_a_person_without_a_name_has_no_initials(client: Client) -> None:
    certificate = make_certificate(timezone.now(), person=make_person("", ""))
    assert (
        json.loads(client.get(f"/proof/{certificate.proof_token}/status.json").content)["holder_initials"]
        == ""
    )
    page(client, certificate)
