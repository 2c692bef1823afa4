"""The candidate's window in a real browser: what is recorded plays, and nothing recorded is lost."""

import io
import time
from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from typing import Any

import av
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.sandbox.lti import Tool
from tests.sandbox_tests.platform import Platform

pytestmark = [pytest.mark.browser, pytest.mark.camera]

# A busy machine encodes its first frames, and hands chunks over, this many seconds late; what is lost is longer.
LAG = 2.5


def eventually(true: Callable[[], Any], *, seconds: float = 20) -> Any:
    """What it says once it says something."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := true():
            return found
        time.sleep(0.1)
    pytest.fail("it never came")


def check_in(attempt: Page) -> Page:
    """From the attempt page to the point where the exam may start; gives the proctoring window."""
    with attempt.expect_popup() as opened:
        attempt.get_by_role("button", name="Check in").click()
    page = opened.value
    page.get_by_label("I agree to be recorded").check()
    page.get_by_role("button", name="Turn on camera").click()
    page.get_by_role("button", name="Take photo of my ID").click()
    page.get_by_role("button", name="Take photo of me").click()
    page.get_by_label("I am alone").check()
    page.get_by_label("No phone").check()
    return page


@pytest.fixture
def attempt(browser: BrowserContext, platform: Platform, watch: Tool) -> Page:
    """The platform's page in window A, ready to open the tool."""
    platform.launches = {"start": platform.start_proctoring(), "end": platform.end_assessment()}
    page = browser.new_page()
    page.goto(f"{platform.url}/attempt")
    return page


def segments(platform: Platform) -> list[dict[str, Any]]:
    """Recordings that were handed over, in order."""
    done = [one for one in platform.items.values() if one["state"] == "received"]
    recordings = [one for one in done if one["plan"]["kind"] == "recording"]
    return sorted(recordings, key=lambda one: one["plan"]["sequence"])


def seconds_of(recording: bytes) -> float:
    """How long it plays, every frame decoded."""
    with av.open(io.BytesIO(recording), mode="r", format="matroska") as container:
        times = [float(frame.time or 0) for frame in container.decode(video=0)]
    assert len(times) > 3
    return max(times) - min(times)


def captured(item: dict[str, Any]) -> tuple[float, float]:
    """When it was recorded, by the browser's clock."""
    said = item["completion"]
    start, end = (datetime.fromisoformat(said[f"capture_{end}_at"]) for end in ("started", "ended"))
    return start.timestamp(), end.timestamp()


def test_the_exam_starts_in_the_other_window_and_every_segment_plays_alone(
    attempt: Page, platform: Platform, watch: Tool
) -> None:
    watch.config["segment_seconds"] = 4
    window = check_in(attempt)
    window.get_by_role("button", name="Start the exam").click()
    expect(attempt.get_by_role("heading", name="The exam runs")).to_be_visible()
    expect(window.get_by_text("● Recording")).to_be_visible()
    eventually(lambda: len(segments(platform)) >= 3, seconds=40)
    for item in segments(platform):
        started, ended = captured(item)
        assert seconds_of(platform.uploads[item["id"]]) == pytest.approx(ended - started, abs=LAG)
    photos = {one["plan"]["kind"] for one in platform.items.values()} - {"recording"}
    assert photos == {"identity_photo", "candidate_photo"}


def test_leaving_in_the_middle_of_a_segment_loses_nothing(
    attempt: Page, platform: Platform, watch: Tool
) -> None:
    watch.config["segment_seconds"] = 8
    window = check_in(attempt)
    window.get_by_role("button", name="Start the exam").click()
    eventually(lambda: len(segments(platform)) >= 1)
    window.wait_for_timeout(4000)
    left_at = time.time()
    attempt.get_by_role("button", name="End").click()
    expect(window.get_by_text("You can close this window")).to_be_visible()
    named = {one["stream"]: one["count"] for one in platform.received["end"][0]["items"]}
    handed_over = segments(platform)
    assert [one["plan"]["sequence"] for one in handed_over] == list(range(named["camera"]))
    spans = [captured(one) for one in handed_over]
    assert all(next_start - end < 0.2 for (_, end), (next_start, _) in pairwise(spans))
    assert left_at - spans[-1][1] < LAG
    assert seconds_of(platform.uploads[handed_over[-1]["id"]]) == pytest.approx(
        spans[-1][1] - spans[-1][0], abs=LAG
    )


def test_an_end_that_opens_elsewhere_stops_the_recording_first(attempt: Page, platform: Platform) -> None:
    window = check_in(attempt)
    window.get_by_role("button", name="Start the exam").click()
    eventually(lambda: len(segments(platform)) >= 1)
    with attempt.expect_popup() as opened:
        attempt.evaluate("window.open('/open/end', '_blank')")
    for page in (opened.value, window):
        expect(page.get_by_text("You can close this window")).to_be_visible()
    assert len(platform.received["end"][0]["items"]) == 3
    assert not [one for one in platform.items.values() if one["state"] == "planned"]


def test_segments_wait_while_the_platform_is_away(attempt: Page, platform: Platform) -> None:
    platform.refuse["items"] = 6
    window = check_in(attempt)
    window.get_by_role("button", name="Start the exam").click()
    expect(window.get_by_text("segments waiting; nothing is lost")).to_be_visible()
    eventually(lambda: len(segments(platform)) >= 1, seconds=60)
    expect(window.get_by_text("Everything recorded so far is handed over")).to_be_visible(timeout=20_000)


def test_a_page_loaded_again_goes_on_with_the_next_segment(attempt: Page, platform: Platform) -> None:
    window = check_in(attempt)
    window.get_by_role("button", name="Start the exam").click()
    eventually(lambda: len(segments(platform)) >= 1)
    window.reload()
    expect(window.get_by_text("● Recording")).to_be_visible()
    before = len(segments(platform))
    eventually(lambda: len(segments(platform)) >= before + 2)
    numbers = [one["plan"]["sequence"] for one in segments(platform)]
    assert numbers == list(range(len(numbers)))


def test_without_an_end_message_the_tool_notices_that_the_exam_is_over(
    attempt: Page, platform: Platform, watch: Tool
) -> None:
    watch.config["status_seconds"] = 1
    platform.status = "complete"
    window = check_in(attempt)
    window.get_by_role("button", name="Start the exam").click()
    expect(window.get_by_text("You can close this window")).to_be_visible(timeout=20_000)
    assert platform.received["end"]


def test_the_proctor_flags_and_holds_the_exam(attempt: Page, platform: Platform) -> None:
    window = check_in(attempt)
    window.get_by_role("button", name="Start the exam").click()
    window.get_by_text("Live proctor").click()
    window.get_by_label("Severity").select_option("0.8")
    window.get_by_role("button", name="Raise a flag").click()
    expect(window.get_by_text("flag: the exam is running")).to_be_visible()
    window.get_by_role("button", name="Add 5 minutes").click()
    expect(window.get_by_text("update: the exam is running")).to_be_visible()
    flag, more = platform.received["control"]
    assert (flag["action"], flag["incident_severity"], flag["user"]) == ("flag", 0.8, {"sub": "lena-1"})
    assert (more["action"], more["extra_time"], more["resource_link"]) == ("update", 5, {"id": "link-1"})
    assert len(flag["incident_time"]) == len("2026-11-21T10:00:00.000Z")


def test_a_camera_that_is_lost_is_flagged_by_itself(attempt: Page, platform: Platform) -> None:
    window = check_in(attempt)
    window.get_by_role("button", name="Start the exam").click()
    expect(window.get_by_text("● Recording")).to_be_visible()
    window.evaluate("""
        const track = document.getElementById('preview').srcObject.getVideoTracks()[0];
        track.dispatchEvent(new Event('ended'));
    """)
    eventually(lambda: platform.received.get("control"))
    assert platform.received["control"][0]["reason_code"] == "camera_lost"


def test_the_candidate_may_leave_before_the_start(attempt: Page, platform: Platform) -> None:
    with attempt.expect_popup() as opened:
        attempt.get_by_role("button", name="Check in").click()
    opened.value.wait_for_load_state()
    with opened.value.expect_request("**/return/1?*") as asked:
        opened.value.get_by_role("button", name="Leave the check-in").click()
    assert "lti_errormsg=You+left" in asked.value.url
