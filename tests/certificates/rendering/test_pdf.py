"""The certificate on paper, read as a reader and a phone would."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from certificates.rendering import pdf
from certificates.rendering.frozen import CertificateFacts

PROOF = "https://credentials.northgate.example/proof/vQm3x9TzR7aK2LwN8sYb4A/"
FACTS = CertificateFacts(
    serial="CSE-2027-000412",
    given_name="Zoë",
    family_name="Núñez-Łukasik",
    employee_id="E-10448",
    organization="Gulf Scaffolding",
    issuer="Northgate Energy",
    credential_code="CSE",
    course_id="CS-101",
    title="Confined space entry",
    title_es="Entrada a espacios confinados",
    issued_on="2027-03-12",
    expires_on="2030-03-12",
    questions=25,
    pass_mark_percent="80.00",
    score_percent="84.00",
    is_reviewed=True,
    is_proctored=True,
    case_number=4821,
)


def read(
    language: str = "en", facts: CertificateFacts = FACTS, revoked_at: datetime | None = None
) -> PdfReader:
    body = pdf.render(facts, proof_url=PROOF, language=language, revoked_at=revoked_at)
    return PdfReader(io.BytesIO(body))


def words(language: str = "en", facts: CertificateFacts = FACTS, revoked_at: datetime | None = None) -> str:
    return " ".join(read(language, facts, revoked_at).pages[0].extract_text().split())


def test_it_says_who_earned_what_when_and_how() -> None:
    said = words()
    for part in (
        "Zoë Núñez-Łukasik", "Confined space entry", "CSE-2027-000412", "12 March 2027", "12 March 2030",
        "CS-101", "E-10448", "Gulf Scaffolding", "Northgate Energy", "25 questions, pass mark 80 %",
        "reviewed by a person", PROOF,
    ):  # fmt: skip
        assert part in said, part
    assert "84" not in said


def test_it_says_so_in_spanish() -> None:
    said = words("es")
    for part in (
        "Entrada a espacios confinados", "12 de marzo de 2027", "12 de marzo de 2030", "25 preguntas",
        "Certificado", "Válido hasta", "revisado por una persona",
    ):  # fmt: skip
        assert part in said, part
    for english in ("Issued", "Valid until", "Employee", "passed", "paper"):
        assert english not in said


def test_every_letter_is_drawn_with_a_font_that_travels_with_the_page() -> None:
    used: set[str] = set()

    def note(text: str, _matrix: object, _place: object, font: dict[str, Any] | None, _size: float) -> None:
        if text.strip() and font is not None:
            used.add(font["/BaseFont"])
            assert "/FontFile2" in font["/FontDescriptor"]

    read().pages[0].extract_text(visitor_text=note)
    assert len(used) == 2
    assert all("Atkinson" in name for name in used)


@pytest.mark.parametrize(
    ("name", "printed"),
    [("Łukasz Gőz Řehoř İnan", "Łukasz Gőz Řehoř İnan"), ("Nguyễn", "Nguyên"), ("李 Na", "? Na")],
)
def test_no_letter_of_a_name_is_left_out(name: str, printed: str) -> None:
    assert pdf.printable(name) in (printed, "Nguyen")
    assert "\0" not in words(facts=replace(FACTS, given_name=name))


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_phone_reads_the_code_off_the_page(language: str) -> None:
    body = pdf.render(FACTS, proof_url=PROOF, language=language)
    image = pypdfium2.PdfDocument(body)[0].render(scale=2).to_pil()
    (code,) = zxingcpp.read_barcodes(image)
    assert (code.text, code.format) == (PROOF, zxingcpp.BarcodeFormat.QRCode)


def test_the_page_is_one_and_names_its_language_and_title() -> None:
    reader = read("es")
    assert len(reader.pages) == 1
    assert str(reader.root_object["/Lang"]) == "es"
    assert reader.metadata is not None
    assert reader.metadata.title == "Entrada a espacios confinados – CSE-2027-000412"
    assert reader.metadata.author == "Northgate Energy"


def test_long_words_stay_on_the_page() -> None:
    long = replace(
        FACTS,
        given_name="Maximiliana " * 8,
        title="Very long title of a credential " * 6,
        organization="O" * 200,
    )
    body = pdf.render(long, proof_url=PROOF, language="en")
    page = pypdfium2.PdfDocument(body)[0]
    text = page.get_textpage()
    right = max(text.get_charbox(index)[2] for index in range(text.count_chars()))
    assert right <= page.get_width() - 50


def test_no_expiry_is_said() -> None:
    assert "no expiry" in words(facts=replace(FACTS, expires_on=""))
    assert "sin vencimiento" in words("es", facts=replace(FACTS, expires_on=""))


def test_it_claims_no_review_by_a_person_where_there_was_none() -> None:
    assert "reviewed by a person" not in words(facts=replace(FACTS, is_reviewed=False))


def test_a_copy_made_after_the_revocation_says_so() -> None:
    at = datetime(2027, 4, 2, 15, 0, tzinfo=UTC)
    assert "Revoked on 2 April 2027. Not valid." in words(revoked_at=at)
    assert "Revocado el 2 de abril de 2027. No es válido." in words("es", revoked_at=at)
    assert "Revoked" not in words()
