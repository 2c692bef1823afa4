"""Files that a tool gives are fetched when its answer comes, and kept: their addresses live for minutes."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from lti_platform.courses.copying import copy_course
from lti_platform.journal import clock
from lti_platform.launches.deep_linking import fetching
from lti_platform.launches.deep_linking.errors import ItemsRefused
from lti_platform.launches.models import ContentFile, ContentItem, ContentRequest
from tests.factories import lena, make_membership
from tests.lti_platform.launches.deep_linking.staging import Picking, picking, press
from tests.lti_platform.launches.staging import browser_of
from tests.recorded import refusals
from tests.services.receiver import Answer, Receiver

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 leak check"
LARGE = b"x" * (fetching.MOST_BYTES + 1)


@pytest.fixture
def stage() -> Picking:
    return picking()


@pytest.fixture
def served(receiver: Receiver) -> str:
    """The tool serves a sheet."""
    return receiver.answer_with("/sheet", headers={"Content-Type": "application/pdf; v=1"}, body=PDF)


def a_file(url: str, **members: Any) -> dict[str, Any]:
    return {"type": "file", "title": "Leak check: sheet/1", "url": url, **members}


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_file_is_fetched_once_with_the_answer_and_no_more(
    stage: Picking, served: str, receiver: Receiver
) -> None:
    assert stage.give([a_file(served)]).status_code == 303
    kept = ContentFile.objects.get()
    assert (kept.request, kept.position, bytes(kept.body)) == (stage.request, 0, PDF)
    assert (kept.media_type, kept.size_bytes) == ("application/pdf", len(PDF))
    stage.press("add")
    assert [(one.method, "authorization" in one.headers) for one in receiver.asked] == [("GET", False)]


def test_ada_looks_into_it_before_it_is_added(stage: Picking, served: str) -> None:
    stage.give([stage.link(), a_file(served)])
    address = reverse("content-file", args=[stage.request.pk, 1])
    assert address in stage.browser.get(reverse("content-review", args=[stage.request.pk])).content.decode()
    assert content(stage.browser.get(address)) == PDF
    assert browser_of(lena()).get(address).status_code == 403


def test_the_people_of_the_course_get_it_to_save_long_after_the_tool_stopped_serving_it(
    stage: Picking, served: str, receiver: Receiver
) -> None:
    soon = (stage.launch.created_at + timedelta(minutes=5)).isoformat()
    stage.give([a_file(served, expiresAt=soon)])
    stage.press("add")
    receiver.answer_with("/sheet", status=410)
    ContentItem.objects.update(expires_at=stage.launch.created_at - timedelta(seconds=1))
    person = lena()
    make_membership(person, stage.course)
    browser, item = browser_of(person), ContentItem.objects.get()
    address = reverse("course-file", args=[stage.course.pk, item.pk])
    page = browser.get(reverse("course-page", args=[stage.course.pk])).content.decode()
    assert address in page
    assert "no longer serves" not in page
    answer = browser.get(address)
    assert content(answer) == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="Leak check sheet 1.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert browser_of(lena()).get(address).status_code == 404


BAD: list[tuple[str, Answer, str]] = [
    ("gone", Answer(status=404), "not_fetched"),
    ("empty", Answer(headers={"Content-Type": "application/pdf"}), "not_fetched"),
    ("a redirect elsewhere", Answer(status=302, headers={"Location": "https://10.0.0.1/"}), "not_fetched"),
    ("a page", Answer(headers={"Content-Type": "text/html"}, body=b"<script>"), "of_another_kind"),
    (
        "of an endless kind",
        Answer(headers={"Content-Type": f"image/{'x' * 200}"}, body=b"?"),
        "of_another_kind",
    ),
    ("of no known kind", Answer(body=b"?"), "of_another_kind"),
    ("too large", Answer(headers={"Content-Type": "application/pdf"}, body=LARGE), "too_large"),
    ("hung up on", Answer(reset=True), "not_fetched"),
]


@pytest.mark.parametrize(
    ("answer", "rule"), [pytest.param(*words[1:], id=f"case-155 {words[0]}") for words in BAD]
)
def test_a_file_that_cannot_be_had_refuses_all(
    stage: Picking, receiver: Receiver, answer: Answer, rule: str
) -> None:
    receiver.answers["/a"] = answer
    given = stage.give([stage.link(), a_file(receiver.url("/a"))])
    assert given.status_code == 400
    assert [(one.position, one.member, one.rule) for one in given.context["problems"]] == [(2, "url", rule)]
    assert refusals() == ["deep_linking_items_refused"]
    assert stage.stored_nothing()
    assert not ContentFile.objects.exists()


@pytest.mark.parametrize("case", ["case-155 too slow"])
def test_nobody_waits_for_slow_files_longer_than_for_all_together(receiver: Receiver, case: str) -> None:
    kind = {"Content-Type": "application/pdf"}
    receiver.answers["/slow"] = Answer(headers=kind, body=PDF, pause_seconds=0.2)
    slow = {"kind": "file", "title": "", "url": receiver.url("/slow"), "details": {}}
    with pytest.raises(ItemsRefused) as refused:
        fetching.fetch_files([slow, slow], accepted="application/pdf", seconds_for_all=0.5)
    assert [problem.rule for problem in refused.value.problems] == ["not_fetched", "not_fetched"]
    assert len(receiver.asked) == 1


def test_after_a_refusal_the_tool_may_answer_again(stage: Picking, receiver: Receiver, served: str) -> None:
    token = stage.token([a_file(receiver.url("/missing"))])
    assert stage.post(token).status_code == 400
    receiver.answers["/missing"] = receiver.answers["/sheet"]
    assert stage.post(token).status_code == 303


def test_nothing_is_fetched_for_an_answer_that_is_bad_otherwise(
    stage: Picking, served: str, receiver: Receiver
) -> None:
    assert stage.give([a_file(served), {"type": "html"}]).status_code == 400
    assert stage.give([a_file(served)], data="altered").status_code == 400
    assert stage.post(stage.token([a_file(served)]), browser=browser_of(lena())).status_code == 400
    assert receiver.asked == []


@pytest.mark.parametrize(("many", "status"), [(10, 303), (11, 400)])
def test_ten_files_come_at_once_and_no_more(
    stage: Picking, served: str, receiver: Receiver, many: int, status: int
) -> None:
    assert stage.give([a_file(served)] * many).status_code == status
    assert (len(receiver.asked), ContentFile.objects.count()) == (10, 10 if status == 303 else 0)


@pytest.mark.parametrize(
    ("name", "members", "kept"),
    [("/a.pdf", {}, "application/pdf"), ("/a", {"mediaType": "image/png"}, "image/png")],
)
def test_where_the_server_names_no_kind_the_tool_does_or_the_address(
    stage: Picking, receiver: Receiver, name: str, members: dict[str, str], kept: str
) -> None:
    url = receiver.answer_with(name, headers={"Content-Type": "application/octet-stream"}, body=PDF)
    assert stage.give([a_file(url, **members)]).status_code == 303
    assert ContentFile.objects.get().media_type == kept


def test_what_is_discarded_is_not_kept(stage: Picking, served: str) -> None:
    stage.give([a_file(served)])
    stage.press("discard")
    assert ContentRequest.objects.get().state == ContentRequest.State.DISCARDED
    assert not ContentFile.objects.exists()


def test_a_file_is_deleted_once_no_course_shows_it(stage: Picking, served: str) -> None:
    stage.give([a_file(served)])
    stage.press("add")
    copy = copy_course(stage.course, label="REF-2", title="Copy", now=clock.now()).course
    for course, left in ((stage.course, True), (copy, False)):
        item = ContentItem.objects.get(context=course)
        press(stage.browser, reverse("content-remove", args=[course.pk, item.pk]))
        assert ContentFile.objects.exists() is left
