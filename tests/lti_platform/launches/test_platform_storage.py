"""The script that keeps values for tools, alone in a browser: a page of ours, two tools, and a clock."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.lti_platform.launches.asking import ask, error_of, get, is_silent, put
from tests.lti_platform.launches.storage_page import Ours, Site, site_of

pytestmark = pytest.mark.browser
FILL = """([count, bytes]) => new Promise((resolve) => {
  const codes = [];
  window.addEventListener("message", ({ data }) => {
    codes.push(data.error?.code ?? "");
    if (codes.length === count) resolve(codes);
  });
  for (let number = 0; number < count; number++) {
    const key = `key-${number}`;
    window.parent.postMessage(
      { subject: "lti.put_data", message_id: key, key, value: "v".repeat(bytes) }, "*");
  }
})"""


@pytest.fixture(scope="module")
def site(chromium: Path) -> Iterator[Site]:
    with site_of(chromium) as made:
        yield made


@pytest.fixture
def ours(site: Site) -> Iterator[Ours]:
    with site.tab() as tab:
        yield tab


@pytest.mark.parametrize("family", ["lti.", "org.imsglobal.lti."])
def test_a_tool_learns_what_we_do_in_both_spellings(ours: Ours, family: str) -> None:
    answer = ask(ours.open(), {"subject": f"{family}capabilities", "message_id": "m0"})
    assert (answer["subject"], answer["message_id"]) == (f"{family}capabilities.response", "m0")
    told = {one["subject"] for one in answer["supported_messages"]}
    assert {f"{family}{name}" for name in ("capabilities", "get_data", "put_data")} <= told
    assert all(set(one) == {"subject"} for one in answer["supported_messages"])


def test_what_is_put_is_got_and_the_answer_comes_from_us(ours: Ours) -> None:
    tool = ours.open()
    answer = put(tool, "lti_state_x", "x é 🙂")
    assert answer == {
        "subject": "lti.put_data.response", "message_id": "put",
        "key": "lti_state_x", "value": "x é 🙂", "origin": ours.url,
    }  # fmt: skip
    assert get(tool, "lti_state_x") == "x é 🙂"
    assert get(tool, "lti_state_y") is None


def test_the_older_spelling_finds_what_the_newer_one_put(ours: Ours) -> None:
    tool = ours.open()
    put(tool, "k", "v")
    answer = ask(tool, {"subject": "org.imsglobal.lti.get_data", "message_id": "1", "key": "k"})
    assert (answer["subject"], answer["value"]) == ("org.imsglobal.lti.get_data.response", "v")


@pytest.mark.parametrize("key", ["__proto__", "constructor", "toString", " ", "k" * 2000])
def test_any_text_is_a_key_and_none_has_a_value_of_its_own(ours: Ours, key: str) -> None:
    tool = ours.open()
    assert get(tool, key) is None
    put(tool, key, "")
    assert get(tool, key) == ""


@pytest.mark.parametrize("message_id", [None, "", 7, {"a": 1}])
def test_a_message_id_is_a_text(ours: Ours, message_id: Any) -> None:
    answer = ask(ours.open(), {"subject": "lti.capabilities", "message_id": message_id})
    assert error_of(answer) == "bad_request"
    assert "message_id" not in answer


def test_five_hundred_keys_have_room_and_one_more_has_not(ours: Ours) -> None:
    tool = ours.open()
    codes = tool.evaluate(FILL, [501, 10])
    assert codes == [""] * 500 + ["storage_exhaustion"]
    assert "error" not in put(tool, "key-0", "again")
    assert get(tool, "key-500") is None


def test_four_kilobytes_have_room_and_overwriting_counts_once(ours: Ours) -> None:
    tool = ours.open()
    for _time in range(40):
        assert "error" not in put(tool, "state", "x" * 4096)


def test_bytes_are_counted_not_letters_and_keys_count_too(ours: Ours) -> None:
    tool = ours.open()
    assert "error" not in put(tool, "a", "x" * 65_535)
    assert error_of(put(tool, "b", "")) == "storage_exhaustion"
    assert "error" not in put(tool, "a", None)
    assert error_of(put(tool, "a", "é" * 33_000)) == "storage_exhaustion"
    assert error_of(put(tool, "k" * 66_000, "")) == "storage_exhaustion"


def test_one_tool_that_fills_its_room_leaves_the_others_theirs(ours: Ours) -> None:
    put(ours.open(0), "a", "x" * 65_000)
    assert "error" not in put(ours.open(1), "a", "x" * 65_000)


def test_a_reload_of_our_page_loses_nothing(ours: Ours) -> None:
    put(ours.open(), "lti_state_x", "x")
    assert get(ours.open(), "lti_state_x") == "x"


def test_after_an_hour_it_is_gone(ours: Ours) -> None:
    ours.page.clock.install()
    tool = ours.open()
    put(tool, "old", "1")
    ours.page.clock.fast_forward("59:00")
    put(tool, "new", "2")
    assert get(tool, "old") == "1"
    ours.page.clock.fast_forward("01:01")
    assert (get(tool, "old"), get(tool, "new")) == (None, "2")


def test_the_next_person_at_this_device_finds_nothing(ours: Ours) -> None:
    put(ours.open(visit="one"), "lti_state_x", "x")
    assert get(ours.open(visit="two"), "lti_state_x") is None
    assert ours.page.evaluate("sessionStorage.length") == 0


def test_another_tab_has_a_storage_of_its_own(ours: Ours) -> None:
    put(ours.open(), "lti_state_x", "x")
    other = Ours(ours.context, ours.url, ours.origins, ours.context.new_page())
    assert get(other.open(), "lti_state_x") is None


def test_a_window_that_our_page_opened_is_heard(ours: Ours) -> None:
    put(ours.open(), "lti_state_x", "x")
    with ours.context.expect_page() as opened:
        ours.page.get_by_role("link", name="Open").click()
    assert get(opened.value, "lti_state_x") == "x"


def test_a_page_without_an_origin_is_not_answered(ours: Ours) -> None:
    tool = ours.open()
    tool.evaluate("""() => new Promise((resolve) => {
      const frame = document.createElement("iframe");
      frame.sandbox = "allow-scripts";
      frame.onload = resolve;
      frame.srcdoc = "<body>";
      document.body.append(frame);
    })""")
    assert is_silent(tool.child_frames[-1], {"subject": "lti.capabilities", "message_id": "1"})


def test_nothing_is_kept_that_the_browser_has_no_room_for(ours: Ours) -> None:
    tool = ours.open()
    put(tool, "k", "old")
    ours.page.evaluate("""() => {
      let piece = "x".repeat(1024 * 1024);
      for (let place = 0; piece; ) {
        try { sessionStorage.setItem(`full ${place++}`, piece); }
        catch { piece = piece.slice(0, piece.length / 2); }
      }
    }""")
    assert error_of(put(tool, "k2", "v" * 100)) == "storage_exhaustion"
    assert get(tool, "k") == "old"
