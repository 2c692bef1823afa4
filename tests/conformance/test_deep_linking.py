"""Deep Linking 2.0, clause by clause."""

import pytest
from django.urls import reverse

from gradebook.addresses import line_items_url
from gradebook.models import LineItem
from lti_platform.launches.deep_linking.asking import CLAIM
from lti_platform.launches.models import ContentItem, ContentRequest, LaunchStep
from tests.calling import CallingTool
from tests.factories import lena, make_membership
from tests.lti_platform.launches.deep_linking.staging import LEFT_OUT, LTI, Picking, picking
from tests.lti_platform.launches.staging import browser_of, start

pytestmark = pytest.mark.django_db


def clause(name: str) -> pytest.MarkDecorator:
    """Puts the clause into the test's id."""
    return pytest.mark.parametrize("clause", [pytest.param(name, id=name)])


@pytest.fixture
def stage() -> Picking:
    return picking()


@clause("DL 4.4.1 message type and version")
def test_the_request_is_a_message_of_its_own_type(stage: Picking, clause: str) -> None:
    assert stage.claims[f"{LTI}message_type"] == "LtiDeepLinkingRequest"
    assert stage.claims[f"{LTI}version"] == "1.3.0"


@clause("DL 4.4 no resource_link")
def test_the_request_speaks_of_no_resource_link(stage: Picking, clause: str) -> None:
    assert f"{LTI}resource_link" not in stage.claims


@clause("DL 4.4.1 deep_link_return_url, accept_types, accept_presentation_document_targets are required")
def test_the_settings_have_what_they_must(stage: Picking, clause: str) -> None:
    told = stage.claims[CLAIM]
    assert told["deep_link_return_url"].startswith(("https://", "http://localhost"))
    assert all(isinstance(one, str) for one in told["accept_types"])
    assert set(told["accept_presentation_document_targets"]) <= {"iframe", "window", "embed"}


@clause("DL 4.4.1 accept_media_types is one string")
def test_media_types_are_one_string(stage: Picking, clause: str) -> None:
    assert "application/pdf" in stage.claims[CLAIM]["accept_media_types"].split(",")


@clause("DL 4.4.1 accept_multiple, accept_lineitem, auto_create are booleans")
def test_the_switches_are_booleans(stage: Picking, clause: str) -> None:
    told = stage.claims[CLAIM]
    assert {type(told[name]) for name in ("accept_multiple", "accept_lineitem", "auto_create")} == {bool}


@clause("DL 4.5 the answer is a form post named JWT")
def test_the_answer_is_posted(stage: Picking, clause: str) -> None:
    assert stage.give([stage.link()]).status_code == 303


@clause("DL 4.5.5 data must come back")
def test_data_must_come_back(stage: Picking, clause: str) -> None:
    assert stage.give([stage.link()], data=LEFT_OUT).status_code == 400


@clause("DL 4.5.6 no items means nothing to add")
def test_no_items_change_nothing(stage: Picking, clause: str) -> None:
    stage.give(LEFT_OUT)
    assert stage.request.state == ContentRequest.State.EMPTY


@clause("DL 4.5.7 msg is shown as plain text")
def test_msg_is_plain_text(stage: Picking, clause: str) -> None:
    page = stage.browser.get(stage.give([], msg="1 < 2").url).content.decode()
    assert "1 &lt; 2" in page


@clause("DL 4.5.7 log is kept for the administrator")
def test_log_is_kept(stage: Picking, clause: str) -> None:
    stage.give([], log="picked nothing")
    assert LaunchStep.objects.get(name="content_returned").details["log"] == "picked nothing"


@clause("DL 3.1 a link without hints opens in a new window")
def test_a_plain_link_opens_in_a_new_window(stage: Picking, clause: str) -> None:
    stage.give([{"type": "link", "url": "https://pages.example/"}])
    stage.press("add")
    person = lena()
    make_membership(person, stage.course)
    page = browser_of(person).get(reverse("course-page", args=[stage.course.pk])).content.decode()
    assert 'href="https://pages.example/" target="_blank"' in page


@clause("DL 3.2 url becomes target_link_uri")
def test_the_url_is_where_the_link_leads(stage: Picking, clause: str) -> None:
    stage.give([stage.link()])
    stage.press("add")
    person = lena()
    make_membership(person, stage.course)
    assert start(person, stage.links().get()).login["target_link_uri"] == stage.link()["url"]


@clause("DL 3.2 without url the tool's own address")
def test_without_url_the_tools_own(stage: Picking, clause: str) -> None:
    stage.give([stage.link(url=LEFT_OUT)])
    stage.press("add")
    person = lena()
    make_membership(person, stage.course)
    registration = stage.tool.registration
    assert start(person, stage.links().get()).login["target_link_uri"] == registration.target_link_uri


@clause("DL 3.2 custom is sent with each launch")
def test_custom_parameters_are_sent(stage: Picking, clause: str) -> None:
    stage.give([stage.link(custom={"quiz": "3"})])
    stage.press("add")
    person = lena()
    make_membership(person, stage.course)
    start(person, stage.links().get()).ask()
    sent = LaunchStep.objects.filter(name="token_signed").last()
    assert sent is not None
    assert sent.details["claims"][f"{LTI}custom"] == {"quiz": "3"}


@clause("DL 3.2 the line item is in the line item service")
def test_the_line_item_is_listed(stage: Picking, clause: str) -> None:
    stage.give([stage.link(lineItem={"scoreMaximum": 9, "resourceId": "r", "tag": "t"})])
    stage.press("add")
    tool = CallingTool(deployment=stage.tool, context=stage.course, link=stage.links().get())
    (listed,) = tool.get(line_items_url(stage.course.pk)).json()
    assert (listed["scoreMaximum"], listed["resourceId"], listed["tag"]) == (9, "r", "t")
    assert (listed["resourceLinkId"], listed["label"]) == (str(tool.link.pk), "Quiz 3")


@clause("DL 3.2 scoreMaximum is required and positive")
def test_score_maximum_is_required(stage: Picking, clause: str) -> None:
    assert stage.give([stage.link(lineItem={"label": "x"})]).status_code == 400
    assert not LineItem.objects.exists()


@clause("DL 3.3 a file may expire")
def test_a_file_keeps_its_end(stage: Picking, clause: str) -> None:
    stage.give([{"type": "file", "url": "https://f.example/a.pdf", "expiresAt": "2099-01-01T00:00:00Z"}])
    stage.press("add")
    kept = ContentItem.objects.get()
    assert kept.expires_at is not None
    assert kept.expires_at.year == 2099


@clause("DL 3.4 HTML is made safe")
def test_html_is_made_safe(stage: Picking, clause: str) -> None:
    stage.give([{"type": "html", "html": "<p onclick=x>Hi</p><script>x</script>"}])
    stage.press("add")
    assert ContentItem.objects.get().html == "<p>Hi</p>"


@clause("DL 3.6 types nobody asked for are refused")
def test_other_types_are_refused(stage: Picking, clause: str) -> None:
    assert stage.give([{"type": "https://vendor.example/type"}]).status_code == 400


@clause("SEC 7.3.1 data belongs to the session that asked")
def test_data_belongs_to_the_session(stage: Picking, clause: str) -> None:
    answer = stage.post(stage.token([stage.link()]), browser=browser_of(stage.person))
    assert (answer.status_code, stage.stored_nothing()) == (400, True)
