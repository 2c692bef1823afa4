"""Ada's pages about one tool and about keys: copied from, checked by one button, well made wide and narrow."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.urls import reverse
from playwright.sync_api import Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from keys.models import SigningKey
from lti_platform.tools import own_keys
from tests.browser.test_pages import Visitor
from tests.browser.world import ARGUMENTS
from tests.browsing import signed_in
from tests.factories import ada
from tests.lti_platform.tools.checking.vendor import Vendor
from tests.services.receiver import Receiver
from tests.together import together
from tests.tool_keys import ToolKey, tool_key

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def vendor(live_server: LiveServer, settings: LazySettings, receiver: Receiver) -> Vendor:
    """A vendor with a weak key beside a good one, and a redirect address that nobody registered."""
    settings.PLATFORM_URL = live_server.url
    vendor = Vendor(receiver)
    key_set = {"keys": [tool_key().jwk, ToolKey("weak", bits=1024).jwk]}
    receiver.answer_with("/jwks", body=json.dumps(key_set).encode())
    vendor.logs_in(redirect_uri=f"{vendor.base}/launch/")
    own_keys.give(vendor.registration, now=datetime.now(UTC))
    return vendor


@pytest.fixture
def page(vendor: Vendor, live_server: LiveServer, chromium: Path) -> Iterator[Page]:
    """Ada's browser, in which pages may write to the clipboard."""
    cookie = signed_in(ada()).cookies["platform_session"].value
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium), args=ARGUMENTS)
        context = browser.new_context(locale="en-US", reduced_motion="reduce")
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
        context.add_cookies([{"name": "platform_session", "value": cookie, "url": live_server.url}])
        yield context.new_page()
        browser.close()


def test_the_pages_are_well_made(vendor: Vendor, page: Page, live_server: LiveServer) -> None:
    together(vendor.check)
    [kid] = together(lambda: SigningKey.objects.filter(owner=vendor.registration.client_id)[0].kid)
    of_tool = [reverse(name, args=[vendor.registration.pk]) for name in ("tool-detail", "tool-check-up")]
    visitor = Visitor(page, live_server.url, "en")
    for address in [*of_tool, reverse("tool-list"), reverse("key-list"), reverse("key-revoke", args=[kid])]:
        visitor.look_at(address)
    assert visitor.faults == []


def test_one_button_tells_what_is_broken_and_whose_side_it_is(
    vendor: Vendor, page: Page, live_server: LiveServer
) -> None:
    page.goto(live_server.url + reverse("tool-detail", args=[vendor.registration.pk]))
    page.get_by_role("button", name="Check it now").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 thing is broken, on their side.")
    first = page.get_by_role("row").nth(1)
    expect(first).to_contain_text("They ask for a registered address, exactly")
    first.get_by_text("Details").click()
    expect(first.get_by_text("302")).to_be_visible()


def test_each_value_is_copied_by_its_button(vendor: Vendor, page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url + reverse("tool-detail", args=[vendor.registration.pk]))
    page.get_by_role("button", name="Copy Token address").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{live_server.url}/lti/token"
    expect(page.get_by_role("button", name="Copy Token address")).to_be_visible()
