"""The whole chain in a real browser: exam, review, certificate, portal, file; and what goes wrong on the way.

Each world is the demonstration itself, started by its own command, with its tools in their own processes.
"""

import io
import re
import subprocess
import sys
import urllib.parse
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Browser, Page, expect

from tests.browser.acting import Candidate, eventually, review, sign_in
from tests.browser.world import World, browser, new_page, person_at, world

pytestmark = [pytest.mark.browser, pytest.mark.camera]
LENA, MATEO, PIA, CORA = (f"{name}@demo.example" for name in ("lena", "mateo", "pia", "cora"))


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with browser() as launched:
        yield launched


@pytest.fixture(scope="module")
def stage() -> Iterator[World]:
    with world() as made:
        yield made


def known_at_the_portal(stage: World, name: str) -> list[dict[str, object]]:
    """The person's credentials, as the portal has them."""
    found = [worker for worker in stage.workers()["workers"] if worker["name"] == name]
    return list(found[0]["credentials"]) if found else []


def qr_of(pdf: bytes) -> str:
    """What a phone reads off the printed certificate."""
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=3).to_pil()
    return zxingcpp.read_barcodes(page)[0].text


def certificate_of(page: Page, stage: World) -> bytes:
    """Downloads the PDF from the learner's home."""
    link = page.get_by_role("link", name=re.compile("PDF")).first
    answer = page.request.get(urllib.parse.urljoin(stage.url, link.get_attribute("href") or ""))
    assert answer.headers["content-type"] == "application/pdf"
    return answer.body()


def exported_file(page: Page, name: str) -> bytes:
    """Cora finds the attempt, says why, and takes the file."""
    page.get_by_label("Person, case or certificate").fill(name)
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=re.compile(name)).first.click()
    page.get_by_role("button", name="Export the file").click()
    page.get_by_label("Case or request number").locator("visible=true").fill("Audit 2026-11")
    with page.expect_download() as download:
        page.get_by_role("button", name="Record and export").click()
    return Path(download.value.path()).read_bytes()


def verified(bundle: bytes, folder: Path) -> str:
    """Unpacks the file elsewhere and runs the program that comes with it; what it says."""
    zipfile.ZipFile(io.BytesIO(bundle)).extractall(folder)
    program = next(folder.rglob("verify.py"))
    done = subprocess.run(
        [sys.executable, "-I", str(program)], cwd=program.parent, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_proctored_exam_becomes_a_certificate_in_the_contractor_portal(
    stage: World, chrome: Browser, tmp_path: Path
) -> None:
    home = sign_in(person_at(chrome), stage, LENA)
    lena = Candidate.begin(home)
    lena.check_in()
    lena.answer(wrong=4)
    lena.window.wait_for_timeout(6000)
    lena.raise_flag()
    lena.window.wait_for_timeout(6000)
    lena.hand_in()
    lena.wait_for_the_last_segment()
    assert known_at_the_portal(stage, "Lena Ruiz") == []

    desk = sign_in(person_at(chrome), stage, PIA)
    the_flag_is_at_its_second_of_the_video(desk)
    review(desk, verdict="1", dismissal="A test of the button")
    expect(desk.locator("h1")).to_contain_text(re.compile("Clear|clear"), timeout=20_000)

    held = eventually(lambda: known_at_the_portal(stage, "Lena Ruiz"))
    assert [(one["status"], one["opens"]) for one in held] == [("valid", True)]
    home = new_page(
        home.context, f"{stage.url}/learn/"
    )  # the attempt's own page may just be loading itself again
    proof = qr_of(certificate_of(home, stage))
    assert proof == held[0]["proof_url"]
    guard = person_at(chrome, phone=True).new_page()
    guard.goto(proof)
    expect(guard.locator("h1")).to_have_text("Valid.")
    expect(guard.get_by_text("L. R.").first).to_be_visible()
    assert "Ruiz" not in guard.content()

    cora = sign_in(person_at(chrome), stage, CORA)
    assert "WHOLE: every file is as it was signed." in verified(exported_file(cora, "Ruiz"), tmp_path)


def the_flag_is_at_its_second_of_the_video(desk: Page) -> None:
    """The flag's time in the list, the player's clock after it is opened, and the video's own time agree."""
    with desk.expect_navigation():
        desk.keyboard.press("n")
    with desk.expect_navigation():
        desk.keyboard.press("s")
    link = desk.locator("#incidents").get_by_role("link", name=re.compile(r"\d\d:\d\d:\d\d")).first
    stamp = re.search(r"\d\d:\d\d:\d\d", link.inner_text())
    assert stamp is not None
    link.click()
    expect(desk.locator("[data-clock]")).to_have_text(stamp[0])
    minutes, seconds = map(int, stamp[0].split(":")[1:])
    # Segments of ten seconds: the video that shows stands at the flag's second of its own segment.
    shown = eventually(lambda: desk.evaluate("document.querySelector('video:not([hidden])').currentTime"))
    assert 0 < shown < 13
    assert 6 <= minutes * 60 + seconds < 60
    desk.goto(desk.url.split("/review/")[0] + "/review/")


def test_a_rejected_session_ends_in_nothing_and_the_portal_is_told_nothing(
    stage: World, chrome: Browser
) -> None:
    home = sign_in(person_at(chrome, phone=True, locale="es-MX"), stage, MATEO)
    mateo = Candidate.begin(home, language="es")
    mateo.check_in()
    mateo.answer()
    mateo.raise_flag()
    mateo.hand_in()
    mateo.wait_for_the_last_segment()

    desk = sign_in(person_at(chrome), stage, PIA)
    review(desk, verdict="5", note="Another person answered the questions.")
    desk.get_by_role("button", name="Yes, sign it").click()
    expect(desk.locator("h1")).to_contain_text(re.compile("violation|rejected", re.I), timeout=20_000)

    home = new_page(
        home.context, f"{stage.url}/learn/"
    )  # the attempt's own page may just be loading itself again
    eventually(lambda: home.reload() and home.get_by_text("No aceptado tras la revisión").count())
    assert home.get_by_role("link", name=re.compile("PDF")).count() == 0
    assert known_at_the_portal(stage, "Mateo Alvarez") == []


def test_a_connection_lost_in_the_exam_is_taken_up_where_it_was(stage: World, chrome: Browser) -> None:
    home = sign_in(person_at(chrome, phone=True, locale="es-MX"), stage, MATEO)
    mateo = Candidate.begin(home, language="es")
    mateo.check_in()
    mateo.answer(last=10)
    mateo.page.context.set_offline(True)
    expect(mateo.page.locator("#exam-frame")).to_be_hidden(timeout=30_000)
    mateo.page.wait_for_timeout(5000)
    mateo.page.context.set_offline(False)
    mateo.page.get_by_role("button", name="Continuar el examen").click(timeout=30_000)
    expect(mateo.page.locator("#exam-frame")).to_be_visible(timeout=30_000)
    expect(mateo.questions.get_by_text("10 / 25")).to_be_visible()
    mateo.answer(first=10)
    mateo.hand_in()
    mateo.wait_for_the_last_segment()
    expect(mateo.page.locator("h1")).to_contain_text("Tus respuestas se guardaron.", timeout=30_000)
