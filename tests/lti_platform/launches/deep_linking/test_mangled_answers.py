"""Whatever a tool answers: taken whole or refused whole, and never a crash."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lti_platform.launches.models import ContentItem, ContentRequest
from tests.lti_platform.launches.deep_linking.staging import DL, LEFT_OUT, LTI, Picking, picking

pytestmark = pytest.mark.django_db
MEMBERS = [
    "type", "title", "text", "url", "html", "icon", "thumbnail", "window", "iframe", "embed",
    "custom", "lineItem", "available", "submission", "expiresAt", "mediaType", "width", "height",
    "src", "scoreMaximum", "label", "resourceId", "tag", "gradesReleased", "submissionReview",
    "reviewableStatus", "startDateTime", "endDateTime", "targetName", "windowFeatures",
]  # fmt: skip
WORDS = st.sampled_from([
    "ltiResourceLink", "link", "file", "html", "image", "https://pages.example/#a",
    "https://10.0.0.1/", "javascript:x", "<p>x</p>", "<script>", "2099-01-01T00:00:00Z",
    "0001-01-01T00:00:00+23:59", "https://[", "https://a.example:99999/", "application/pdf",
    "Submitted", "\x00", "\ud800",
])  # fmt: skip
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | WORDS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(MEMBERS), inner, max_size=6),
    max_leaves=12,
)
KIND = st.sampled_from(["ltiResourceLink", "link", "file", "html", "image"])
ITEMS = st.builds(
    lambda members, kind: {**members, "type": kind}, st.dictionaries(st.sampled_from(MEMBERS), VALUES), KIND
)
CLAIMS = (
    [f"{DL}{name}" for name in ("data", "content_items", "msg", "errormsg", "log", "errorlog")]
    + [f"{LTI}{name}" for name in ("message_type", "version", "deployment_id")]
    + ["aud", "exp", "iat", "nbf", "nonce", "azp", "sub"]
)  # fmt: skip


@pytest.fixture
def stage() -> Picking:
    return picking()


def begin_again() -> None:
    """As before any answer."""
    ContentItem.objects.all().delete()
    ContentRequest.objects.update(state=ContentRequest.State.OPEN, used_at=None, items=[], settled_at=None)


def is_whole(stage: Picking, answer: Any) -> None:
    """Refused with nothing stored, or taken with every item; what was taken can be shown and added."""
    if answer.status_code == 400:
        assert stage.stored_nothing()
        return
    assert answer.status_code == 303
    assert stage.browser.get(answer.url).status_code == 200
    if stage.request.state == ContentRequest.State.WAITING:
        assert stage.press("add").status_code == 302
    if stage.request.state == ContentRequest.State.ADDED:
        assert ContentItem.objects.count() == len(stage.request.items)


SLOWLY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


@SLOWLY
@given(items=st.lists(ITEMS | VALUES, max_size=3) | VALUES)
def test_any_items_are_taken_whole_or_not_at_all(stage: Picking, items: Any) -> None:
    begin_again()
    is_whole(stage, stage.give(items))
    stage.links().update(removed_at=None)
    ContentItem.objects.all().delete()
    stage.links().filter(line_items=None).delete()


@SLOWLY
@given(changes=st.dictionaries(st.sampled_from(CLAIMS), VALUES | st.just(LEFT_OUT), min_size=1, max_size=3))
def test_any_claims_are_answered(stage: Picking, changes: dict[str, Any]) -> None:
    begin_again()
    answer = stage.give([{"type": "html", "html": "<p>x</p>"}], **changes)
    is_whole(stage, answer)


@SLOWLY
@given(token=st.text(max_size=200) | st.binary(max_size=200))
def test_any_text_is_answered(stage: Picking, token: Any) -> None:
    begin_again()
    answer = stage.browser.post("/lti/deep-linking/return", {"JWT": token})
    assert answer.status_code == 400
    assert stage.stored_nothing()
