"""Deep Linking 2.0, clause by clause."""

from typing import Any

import pytest
from django.urls import reverse

from gradebook.addresses import line_items_url
from gradebook.models import LineItem
from lti_platform.launches.deep_linking.asking import CLAIM
from lti_platform.launches.models import ContentFile, ContentItem, ContentRequest, LaunchStep
from tests.calling import CallingTool
from tests.conformance.clauses import clause
from tests.factories import lena, make_deployment, make_membership
from tests.lti_platform.launches.deep_linking.staging import LEFT_OUT, LTI, Picking, picking
from tests.lti_platform.launches.staging import browser_of, claims_of, start
from tests.services.receiver import Receiver

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage() -> Picking:
    return picking()


def sent(stage: Picking) -> dict[str, Any]:
    """What a learner's launch of the link that was picked and added tells its tool."""
    stage.press("add")
    person = lena()
    make_membership(person, stage.course)
    return claims_of(start(person, stage.links().get()).ask())


def told_not_to(stage: Picking, name: str) -> None:
    """The request as if it had said no to this."""
    asked = stage.request
    asked.settings = {**asked.settings, name: False}
    asked.save()


@clause("DL 4.4.1 message type and version")
def test_the_request_is_a_message_of_its_own_type(stage: Picking, clause: str) -> None:
    assert stage.claims[f"{LTI}message_type"] == "LtiDeepLinkingRequest"
    assert stage.claims[f"{LTI}version"] == "1.3.0"


@clause("DL 4.4 no resource_link")
def test_the_request_speaks_of_no_resource_link(stage: Picking, clause: str) -> None:
    assert f"{LTI}resource_link" not in stage.claims


@clause("DL 4.4 otherwise the claims of a launch")
def test_the_request_has_a_launchs_claims(stage: Picking, clause: str) -> None:
    registration, told = stage.tool.registration, stage.claims
    assert (told["aud"], told["sub"]) == (registration.client_id, str(stage.person.pk))
    assert told[f"{LTI}deployment_id"] == stage.tool.deployment_id
    assert told[f"{LTI}target_link_uri"] == registration.target_link_uri
    assert told[f"{LTI}context"]["id"] == str(stage.course.pk)
    assert told[f"{LTI}roles"]


@clause("DL 4.4.1 deep_link_return_url, accept_types, accept_presentation_document_targets are required")
def test_the_settings_have_what_they_must(stage: Picking, clause: str) -> None:
    told = stage.claims[CLAIM]
    assert told["deep_link_return_url"].startswith(("https://", "http://localhost"))
    assert set(told["accept_types"]) >= {"link", "ltiResourceLink", "file", "html", "image"}
    assert all(one.startswith("https://") or one.isalpha() for one in told["accept_types"])
    assert set() < set(told["accept_presentation_document_targets"]) <= {"iframe", "window", "embed"}


@clause("DL 4.4.1 accept_media_types is one string")
def test_media_types_are_one_string(stage: Picking, clause: str) -> None:
    assert "application/pdf" in stage.claims[CLAIM]["accept_media_types"].split(",")


@clause("DL 4.4.1 accept_multiple, accept_lineitem, auto_create are booleans")
def test_the_switches_are_booleans(stage: Picking, clause: str) -> None:
    told = stage.claims[CLAIM]
    assert {type(told[name]) for name in ("accept_multiple", "accept_lineitem", "auto_create")} == {bool}


@clause("DL 4.4.1 without accept_multiple one item at most")
def test_one_item_at_most(stage: Picking, clause: str) -> None:
    told_not_to(stage, "accept_multiple")
    assert stage.give([stage.link(), stage.link()]).status_code == 400
    assert stage.stored_nothing()
    assert stage.give([stage.link()]).status_code == 303


@clause("DL 4.4.1 without accept_lineitem line items are ignored")
def test_line_items_nobody_asked_for(stage: Picking, clause: str) -> None:
    told_not_to(stage, "accept_lineitem")
    stage.give([stage.link(lineItem={"scoreMaximum": 9})])
    stage.press("add")
    assert (stage.links().count(), LineItem.objects.count()) == (1, 0)


@clause("DL 4.5 the answer is a form post named JWT")
def test_the_answer_is_posted(stage: Picking, clause: str) -> None:
    assert stage.give([stage.link()]).status_code == 303


@clause("DL 4.5.5 data must come back")
def test_data_must_come_back(stage: Picking, clause: str) -> None:
    assert stage.give([stage.link()], data=LEFT_OUT).status_code == 400


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        pytest.param("message_type", LEFT_OUT, id="DL 4.5 message_type is required"),
        pytest.param(
            "message_type", "LtiResourceLinkRequest", id="DL 4.5 message_type is LtiDeepLinkingResponse"
        ),
        pytest.param("version", LEFT_OUT, id="DL 4.5 version is required"),
        pytest.param("version", "2.0.0", id="DL 4.5 version is 1.3.0"),
        pytest.param("deployment_id", LEFT_OUT, id="DL 4.5 deployment_id is required"),
        pytest.param("deployment_id", "elsewhere", id="DL 4.5 deployment_id is one of the tool's"),
        pytest.param("data", "another", id="DL 4.5.5 data is as it was sent"),
        pytest.param("content_items", {"type": "link"}, id="DL 4.5.6 content_items is a list"),
        pytest.param("content_items", ["https://pages.example/"], id="DL 4.5.6 of objects"),
    ],
)
def test_the_answers_claims(stage: Picking, claim: str, value: Any) -> None:
    assert stage.give(**{"items": [stage.link()], claim: value}).status_code == 400
    assert stage.stored_nothing()


@clause("DL 4.5 deployment_id is the one that was asked")
def test_another_deployment_was_not_asked(stage: Picking, clause: str) -> None:
    other = make_deployment(stage.tool.registration)
    assert stage.give([stage.link()], deployment_id=other.deployment_id).status_code == 400
    assert stage.stored_nothing()


@clause("DL 4.5.6 an empty list means nothing to add")
def test_an_empty_list_changes_nothing(stage: Picking, clause: str) -> None:
    assert stage.give([]).status_code == 303
    assert stage.request.state == ContentRequest.State.EMPTY


@clause("DL 4.5.6 no items means nothing to add")
def test_no_items_change_nothing(stage: Picking, clause: str) -> None:
    stage.give(LEFT_OUT)
    assert stage.request.state == ContentRequest.State.EMPTY


@clause("DL 4.5.7 msg is shown as plain text")
def test_msg_is_plain_text(stage: Picking, clause: str) -> None:
    page = stage.browser.get(stage.give([], msg="1 < 2").url).content.decode()
    assert "1 &lt; 2" in page


@clause("DL 4.5.7 errormsg is shown as plain text, errorlog kept")
def test_errors_are_told(stage: Picking, clause: str) -> None:
    page = stage.browser.get(stage.give([], errormsg="2 > 1", errorlog="bank is empty").url).content.decode()
    assert "2 &gt; 1" in page
    assert LaunchStep.objects.get(name="content_returned").details["errorlog"] == "bank is empty"


@clause("DL 4.5.7 log is kept for the administrator")
def test_log_is_kept(stage: Picking, clause: str) -> None:
    stage.give([], log="picked nothing")
    assert LaunchStep.objects.get(name="content_returned").details["log"] == "picked nothing"


PAGE = "https://pages.example/a"


@pytest.mark.parametrize(
    "item",
    [
        pytest.param({"type": "link", "url": PAGE}, id="DL 3.1 link"),
        pytest.param({"type": "ltiResourceLink"}, id="DL 3.2 ltiResourceLink"),
        pytest.param({"type": "html", "html": "<p>Hi</p>"}, id="DL 3.4 html"),
        pytest.param({"type": "image", "url": PAGE}, id="DL 3 image"),
        pytest.param(
            {"type": "image", "url": PAGE, "https://vendor.example/x": {"y": 1}},
            id="DL 3 extensions are ignored",
        ),
    ],
)
def test_what_is_required_is_enough(stage: Picking, item: dict[str, Any]) -> None:
    assert stage.give([item]).status_code == 303
    stage.press("add")
    assert ContentItem.objects.get().kind == item["type"]


@pytest.mark.parametrize(
    "item",
    [
        pytest.param({"url": PAGE}, id="DL 3 type is required"),
        pytest.param({"type": "link"}, id="DL 3.1 url of a link is required"),
        pytest.param({"type": "link", "url": "javascript:alert(1)"}, id="DL 3.1 url is an address"),
        pytest.param({"type": "link", "url": "/a"}, id="DL 3.1 url is a full address"),
        pytest.param({"type": "link", "url": PAGE, "embed": {"x": 1}}, id="DL 3.1 html of embed is required"),
        pytest.param(
            {"type": "link", "url": PAGE, "iframe": {"width": 9}}, id="DL 3.1 src of iframe is required"
        ),
        pytest.param(
            {"type": "link", "url": PAGE, "icon": {"width": 9}}, id="DL 3.1 url of icon is required"
        ),
        pytest.param({"type": "ltiResourceLink", "custom": {"n": 1}}, id="DL 3.2 custom is text"),
        pytest.param({"type": "ltiResourceLink", "lineItem": {}}, id="DL 3.2 scoreMaximum is required"),
        pytest.param(
            {"type": "ltiResourceLink", "lineItem": {"scoreMaximum": 0}}, id="DL 3.2 and above zero"
        ),
        pytest.param(
            {"type": "ltiResourceLink", "available": {"startDateTime": "soon"}},
            id="DL 3.2 times are ISO 8601",
        ),
        pytest.param({"type": "file"}, id="DL 3.3 url of a file is required"),
        pytest.param({"type": "file", "url": PAGE, "expiresAt": "soon"}, id="DL 3.3 expiresAt is ISO 8601"),
        pytest.param({"type": "html"}, id="DL 3.4 html is required"),
        pytest.param({"type": "image"}, id="DL 3 url of an image is required"),
    ],
)
def test_a_malformed_item_is_refused(stage: Picking, item: dict[str, Any]) -> None:
    assert stage.give([item]).status_code == 400
    assert stage.stored_nothing()


@clause("DL 3.1 embedded HTML is made safe")
def test_embedded_html_is_made_safe(stage: Picking, clause: str) -> None:
    stage.give([{"type": "link", "url": PAGE, "embed": {"html": "<p>Hi</p><script>x</script>"}}])
    stage.press("add")
    assert ContentItem.objects.get().html == "<p>Hi</p>"


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


@clause("DL 3.2 url and custom are in the launch's token, merged with the tool's own parameters")
def test_parameters_are_merged(clause: str) -> None:
    stage = picking(custom_parameters={"site": "A", "quiz": "none"})
    stage.give([stage.link(custom={"quiz": "3"})])
    told = sent(stage)
    assert told[f"{LTI}target_link_uri"] == stage.link()["url"]
    assert told[f"{LTI}custom"] == {"site": "A", "quiz": "3"}


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


@pytest.fixture
def sheet(receiver: Receiver) -> str:
    """A file that the tool serves."""
    return receiver.answer_with("/a.pdf", headers={"Content-Type": "application/pdf"}, body=b"%PDF-1.7")


@clause("DL 3.3 url is enough for a file")
def test_an_address_is_enough_for_a_file(stage: Picking, sheet: str, clause: str) -> None:
    assert stage.give([{"type": "file", "url": sheet}]).status_code == 303
    stage.press("add")
    assert ContentItem.objects.get().kind == "file"


@clause("DL 3.3 a file is stored by the platform within minutes")
def test_a_file_is_stored_when_it_is_given(stage: Picking, sheet: str, clause: str) -> None:
    stage.give([{"type": "file", "url": sheet}])
    assert bytes(ContentFile.objects.get().body) == b"%PDF-1.7"


@clause("DL 3.3 a file may expire")
def test_a_file_keeps_its_end(stage: Picking, sheet: str, clause: str) -> None:
    stage.give([{"type": "file", "url": sheet, "expiresAt": "2099-01-01T00:00:00Z"}])
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
