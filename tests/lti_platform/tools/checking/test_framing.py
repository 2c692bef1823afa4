"""Whether a page of ours may show the tool in a frame."""

import pytest

from lti_platform.tools.checking.framing import may_be_framed
from tests.lti_platform.tools.checking.vendor import Vendor
from tests.services.receiver import Answer

US = "https://lms.northgate.example"


@pytest.mark.parametrize(
    ("headers", "framed"),
    [
        ({}, True),
        ({"x-frame-options": "DENY"}, False),
        ({"x-frame-options": "sameorigin"}, False),
        ({"x-frame-options": "ALLOW-FROM https://x.example"}, True),
        ({"content-security-policy": "default-src 'none'"}, True),
        ({"content-security-policy": "frame-ancestors 'none'"}, False),
        ({"content-security-policy": "frame-ancestors 'self'"}, False),
        ({"content-security-policy": "frame-ancestors"}, False),
        ({"content-security-policy": "frame-ancestors *"}, True),
        ({"content-security-policy": "frame-ancestors https:"}, True),
        ({"content-security-policy": "frame-ancestors http:"}, False),
        ({"content-security-policy": f"default-src *; frame-ancestors 'self' {US}"}, True),
        ({"content-security-policy": "frame-ancestors lms.northgate.example"}, True),
        ({"content-security-policy": "frame-ancestors https://*.northgate.example"}, True),
        ({"content-security-policy": "frame-ancestors https://*.example.com"}, False),
        ({"content-security-policy": "frame-ancestors https://northgate.example"}, False),
        ({"content-security-policy": f"frame-ancestors {US}:8443"}, False),
        ({"content-security-policy": "frame-ancestors https://["}, False),
        ({"content-security-policy": f"frame-ancestors https://[ {US}"}, True),
        ({"content-security-policy": f"frame-ancestors {US}:443"}, True),
        ({"content-security-policy": f"frame-ancestors {US}:*"}, True),
        ({"content-security-policy": f"frame-ancestors {US}, frame-ancestors 'none'"}, False),
        ({"content-security-policy": f"frame-ancestors {US}", "x-frame-options": "DENY"}, True),
    ],
)
def test_policies_are_read_as_browsers_do(headers: dict[str, str], framed: bool) -> None:
    assert may_be_framed(headers, by=US) is framed


@pytest.mark.django_db
def test_a_tool_that_refuses_frames_opens_in_a_window(vendor: Vendor) -> None:
    vendor.receiver.answer_with("/launch", headers={"X-Frame-Options": "DENY"})
    told = vendor.told("frame")
    assert told.kind == "waiting"
    assert "It opens in a window" in told.seen


@pytest.mark.django_db
def test_a_tool_that_allows_us_is_fine(vendor: Vendor) -> None:
    policy = {"Content-Security-Policy": "frame-ancestors http://localhost:8000"}
    vendor.receiver.answer_with("/launch", headers=policy)
    assert vendor.code("frame") == ("frame_fine", "fine", "")


@pytest.mark.django_db
def test_answers_that_are_none_tell_nothing(vendor: Vendor) -> None:
    vendor.receiver.answers["/launch"] = vendor.receiver.answers["/login"] = Answer(status=400)
    assert vendor.code("frame") == ("frame_untold", "unclear", "")
