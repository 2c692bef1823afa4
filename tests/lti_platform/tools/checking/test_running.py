"""A check-up as a whole: bounded in time, kept, told, and safe from a tool that means no good."""

import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from lti_platform.journal.models import Entry
from lti_platform.launches import findings as _launch_findings  # noqa: F401  (registers its words)
from lti_platform.tools.checking import running, wording
from lti_platform.tools.models import CheckUp
from tests.browsing import signed_in
from tests.factories import ada, lena, make_organization, mallory, pia
from tests.lti_platform.tools.checking.vendor import Vendor
from tests.services.receiver import Answer

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[4]


def page_of(vendor: Vendor) -> str:
    return reverse("tool-check-up", args=[vendor.registration.pk])


def test_one_button_runs_it_and_the_page_tells(vendor: Vendor) -> None:
    vendor.logs_in(nonce=None)
    answer = signed_in(ada()).post(page_of(vendor), follow=True)
    text = answer.content.decode()
    assert "1 thing is broken, on their side." in text
    assert "Missing or wrong in what it sends us: nonce." in text
    assert Entry.objects.get(fact_type="tools.checked").payload["state"] == "broken"


def test_before_the_first_one_the_page_says_so(vendor: Vendor) -> None:
    assert "Nobody checked this tool yet." in signed_in(ada()).get(page_of(vendor)).content.decode()


def test_the_list_of_tools_shows_how_the_last_one_stood(vendor: Vendor) -> None:
    client, address = signed_in(ada()), reverse("tool-list")
    assert "Not checked yet" in client.get(address).content.decode()
    vendor.logs_in(nonce=None)
    vendor.check()
    text = client.get(address).content.decode()
    assert "Broken" in text
    assert "1 tool does not work as it should." in text


def test_what_the_tool_sends_is_shown_as_text(vendor: Vendor) -> None:
    vendor.receiver.answer_with("/login", status=302, headers={"location": "//x/<script>alert(1)</script>"})
    text = signed_in(ada()).post(page_of(vendor), follow=True).content.decode()
    assert "<script>alert" not in text
    assert "%(" not in text


def test_a_tool_that_never_ends_its_answers_costs_some_seconds(vendor: Vendor) -> None:
    dripping = Answer(body=b"x" * 1000, pause_seconds=0.2)
    for path in ("/login", "/jwks", "/launch"):
        vendor.receiver.answers[path] = dripping
    began = time.monotonic()
    vendor.check()
    assert time.monotonic() - began < 15


def test_a_tool_that_floods_us_is_read_no_further_than_we_like(vendor: Vendor) -> None:
    vendor.receiver.answer_with("/login", body=b"<form>" * 1_000_000)
    assert vendor.code("login") == ("login_page", "unclear", "")


def test_a_button_pressed_twice_asks_the_vendor_once(vendor: Vendor) -> None:
    now = datetime.now(UTC)
    first, second = (running.run(vendor.registration, now=now) for _time in range(2))
    assert first == second
    assert running.run(vendor.registration, now=now + timedelta(seconds=6)) != first


def test_who_presses_it_twice_is_told_to_wait(vendor: Vendor) -> None:
    client = signed_in(ada())
    assert "ran a moment ago" not in client.post(page_of(vendor), follow=True).content.decode()
    page = client.post(page_of(vendor), follow=True).content.decode()
    assert f"ran a moment ago, and this is what it found. Wait {running.PAUSE.seconds} seconds" in page


def test_the_last_twenty_are_kept(vendor: Vendor) -> None:
    now = datetime.now(UTC)
    old = [
        CheckUp(registration=vendor.registration, state="fine", took_ms=1, ran_at=now - timedelta(days=day))
        for day in range(1, 31)
    ]
    CheckUp.objects.bulk_create(old)
    running.run(vendor.registration, now=now)
    assert CheckUp.objects.count() == 20
    assert CheckUp.objects.filter(ran_at=now).exists()


@pytest.mark.parametrize("who", [lena, pia])
def test_it_is_not_for_others(vendor: Vendor, who: Any) -> None:
    assert signed_in(who()).post(page_of(vendor)).status_code == 403
    assert vendor.receiver.asked == []


def test_an_admin_of_another_company_finds_nothing(vendor: Vendor) -> None:
    client = signed_in(mallory("lms_admin"))
    assert (client.get(page_of(vendor)).status_code, client.post(page_of(vendor)).status_code) == (404, 404)


def test_who_may_only_see_the_tool_does_not_run_it(vendor: Vendor) -> None:
    acme = make_organization("Acme")
    vendor.registration.deployments.update(organization=acme)
    client = signed_in(ada(acme))
    assert (client.get(page_of(vendor)).status_code, client.post(page_of(vendor)).status_code) == (200, 403)


def test_every_code_has_words_and_every_word_a_code() -> None:
    folders = [ROOT / "lti_platform/tools/checking", ROOT / "lti_platform/launches"]
    files = [path for folder in folders for path in folder.glob("*.py") if path.name not in {"wording.py"}]
    source = "".join(path.read_text(encoding="utf-8") for path in files)
    used = set(
        re.findall(
            r'"((?:login|key_set|redirect|redirects|tls|clock|frame|scopes|tokens|ours|launches)_\w+)"',
            source,
        )
    )
    built = {f"tls_certificate_{why}" for why in ("expired", "name", "authority")}
    assert set(wording.SAID) - built <= used
    assert {code for code in used if code in wording.SAID} | built == set(wording.SAID)
