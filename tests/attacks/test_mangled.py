"""Whatever is sent to an endpoint of the protocol: never a crash, and nothing stored where it is refused.

Authorization, tokens, registrations and deep linking answers have files of their own: tests/lti_platform/launches/
test_fuzzing_authorization.py, test_token_endpoint_fuzzed.py, tests/lti_platform/tools/dynamic/test_fuzzing.py and
tests/lti_platform/launches/deep_linking/test_mangled_answers.py.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from gradebook.addresses import line_item_url, line_items_url
from gradebook.models import LineItem
from lti_platform.launches.deep_linking.asking import CLAIM as DEEP_LINKING
from lti_platform.notices.addresses import service_url
from lti_platform.notices.vocabulary import HELLO_WORLD
from proctoring import linked
from tests.attacks.asking_for_tokens import sign_anything
from tests.attacks.handing_in import path_of, put
from tests.attacks.mangling import anything, bodies, few, jwts, queries, stored, texts
from tests.browsing import signed_in
from tests.calling import CallingTool, make_tool
from tests.factories import lena, make_exam, make_line_item, make_membership
from tests.gradebook.submitting import score_body
from tests.lti_platform.tools.dynamic.registering import activated, call
from tests.media import webm
from tests.proctoring.browsing import BrowserDay
from tests.proctoring.door.other_lms import ISSUER, LTI, SCORE, OtherLms
from tests.proctoring.evidence.staging import Stage
from tests.proctoring.evidence.test_api import completion, items_url, segment
from tests.services.receiver import Receiver
from tests.tool_keys import tool_key

pytestmark = pytest.mark.django_db
TAKEN = range(200, 400)
AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
PUT_AND_POST = st.sampled_from(["PUT", "POST"])


def in_order(send: Callable[[], Any]) -> Any:
    """The answer: a success, or a refusal that left every table as it was."""
    before = stored()
    answer = send()
    assert answer.status_code < 500, answer.content
    if answer.status_code not in TAKEN:
        assert stored() == before
    return answer


class TestGradeServices:
    @pytest.fixture
    def tool(self) -> CallingTool:
        return make_tool()

    @pytest.fixture
    def item(self, tool: CallingTool) -> LineItem:
        make_membership(lena(), tool.context)
        return make_line_item(tool.link)

    @few
    @given(data=st.data(), method=PUT_AND_POST)
    def test_line_items(self, tool: CallingTool, item: LineItem, data: Any, method: str) -> None:
        good = {
            "label": "Quiz", "scoreMaximum": 20, "resourceId": "q", "tag": "t", "resourceLinkId": str(tool.link.pk),
            "startDateTime": "2026-03-02T15:00:00Z", "endDateTime": "2026-03-02T16:00:00Z", "gradesReleased": True,
            "https://purl.imsglobal.org/spec/lti-ags/claim/submissionReview": {"reviewableStatus": ["Submitted"]},
        }  # fmt: skip
        url = line_items_url(tool.context.pk) if method == "POST" else line_item_url(item)
        in_order(lambda: tool.call(method, url, data.draw(bodies(good))))

    @few
    @given(data=st.data())
    def test_scores(self, tool: CallingTool, item: LineItem, data: Any) -> None:
        learner = tool.context.memberships.get().person
        more = {"comment": "c", "scoringUserId": str(learner.pk), "submission": {"startedAt": "x"}}
        body = data.draw(bodies({**score_body(learner), **more}))
        in_order(lambda: tool.post(f"{line_item_url(item)}/scores", body))

    @few
    @given(
        query=queries("limit", "page", "cursor", "after", "user_id", "tag", "resource_id", "resource_link_id")
    )
    def test_reading(self, tool: CallingTool, item: LineItem, query: str) -> None:
        one = line_item_url(item)
        for url in (line_items_url(tool.context.pk), one, f"{one}/results"):
            in_order(partial(tool.get, f"{url}?{query}"))


class TestRosterAndNotices:
    @few
    @given(query=queries("limit", "page", "role", "rlid", "since", "until", "after", "user_id", "groups"))
    def test_memberships_and_groups(self, query: str) -> None:
        tool = make_tool()
        make_membership(lena(), tool.context)
        for name in ("nrps-memberships", "course-groups-service", "course-group-sets-service"):
            in_order(partial(tool.get, f"{reverse(name, args=[tool.context.pk])}?{query}"))

    @few
    @given(data=st.data())
    def test_notice_handlers(self, data: Any) -> None:
        tool = make_tool()
        handler = f"https://{tool.deployment.registration.domains[0]}/notices"
        good = {"notice_type": HELLO_WORLD, "handler": handler, "max_batch_size": 3}
        in_order(lambda: tool.put(service_url(tool.deployment.pk), data.draw(bodies(good))))


class TestProctoringServices:
    @pytest.fixture
    def story(self) -> BrowserDay:
        story = BrowserDay()
        story.day.begin()
        return story

    @few
    @given(data=st.data())
    def test_start_messages(self, story: BrowserDay, data: Any) -> None:
        token = data.draw(jwts(story.day.claims(verified_user={"name": "Lena"}), key=tool_key()))
        in_order(lambda: story.post_start(token))

    @few
    @given(data=st.data())
    def test_control_messages(self, story: BrowserDay, data: Any) -> None:
        story.day.check_in() if story.day.state == "checking_in" else None
        good = story.day.control_body(
            "update", extra_time=5, incident_severity=0.5, reason_code="x", reason_msg="y"
        )
        in_order(lambda: story.tool.post(story.control_url, data.draw(bodies(good))))

    @few
    @given(data=st.data(), what=st.sampled_from(["flags", "flags", "end"]))
    def test_flags(self, story: BrowserDay, data: Any, what: str) -> None:
        url = f"/api/v1/proctoring/sessions/{story.day.session.id}/{what}"
        moment = story.day.now.isoformat()
        good = {"key": "k", "occurred_at": moment, "severity": 0.7, "code": "second_person", "message": "m"}
        in_order(lambda: story.tool.post(url, data.draw(bodies(good))))

    @few
    @given(token=texts, method=st.sampled_from(["GET", "POST"]))
    def test_start_addresses(self, token: str, method: str) -> None:
        story = BrowserDay(kind="linked")
        story.day.begin()
        address = reverse("linked-start", args=[story.day.session.id, "x"])[:-1]
        answer = in_order(
            lambda: story.lena.generic(method, address + quote(token, safe="", errors="replace"))
        )
        assert answer.status_code != 303
        assert linked.start_token(story.day.session.id) not in answer.content.decode()


class TestEvidence:
    @pytest.fixture
    def stage(self, tmp_path: Path, settings: LazySettings) -> Stage:
        settings.EVIDENCE_BUCKET, settings.EVIDENCE_DIR = "", tmp_path
        return Stage(BrowserDay().day.now.replace(microsecond=0))

    @pytest.fixture
    def tool(self, stage: Stage) -> CallingTool:
        exam = stage.attempt.exam
        return CallingTool(deployment=stage.deployment, context=exam.context, link=exam.proctoring_link)

    @few
    @given(data=st.data())
    def test_plans(self, stage: Stage, tool: CallingTool, data: Any) -> None:
        in_order(lambda: tool.post(items_url(stage), data.draw(bodies(segment(webm(2))))))

    @few
    @given(data=st.data())
    def test_completions(self, stage: Stage, tool: CallingTool, data: Any) -> None:
        planned = tool.post(items_url(stage), segment(webm(2))).json()
        in_order(lambda: tool.post(planned["complete_url"], data.draw(bodies(completion(stage, webm(2))))))

    @few
    @given(data=st.data())
    def test_ends(self, stage: Stage, tool: CallingTool, data: Any) -> None:
        named = {"kind": "recording", "stream": "camera", "count": 1}
        good = {"ended_at": stage.now.isoformat(), "items": [named]}
        many = anything.map(
            lambda value: {"ended_at": good["ended_at"], "items": [{**named, "count": value}]}
        )
        body = data.draw(bodies(good) | many)
        in_order(lambda: tool.post(f"/api/v1/evidence/sessions/{stage.session.id}/end", body))

    @few
    @given(token=texts, body=st.binary(max_size=50))
    def test_upload_and_play_addresses(self, stage: Stage, token: str, body: bytes) -> None:
        said = quote(token, safe="", errors="replace")
        assert in_order(lambda: put(f"//x/evidence/upload/{said}", body)).status_code in {404, 405}
        assert in_order(lambda: Client().get(f"/evidence/play/{said}")).status_code in {302, 404}
        assert path_of(f"//x/{said}")


@few
@given(authorization=texts | texts.map(lambda word: f"Bearer {word}"))
def test_any_authorization_opens_no_service(authorization: str) -> None:
    tool, session_id = make_tool(), UUID(int=4)
    course = line_items_url(tool.context.pk).partition("//")[2].partition("/")[2]
    header = authorization.encode("utf-8", "replace").decode("latin-1")
    for path in (f"/{course}", f"/api/v1/evidence/sessions/{session_id}/items", "/lti/register/x"):
        answer = in_order(partial(Client().get, path, HTTP_AUTHORIZATION=header))
        assert answer.status_code in {401, 405}


@few
@given(data=st.data())
def test_own_registrations(data: Any) -> None:
    tool = activated()
    token = tool.told["registration_access_token"]
    wrong = data.draw(texts.map(lambda word: word.encode("utf-8", "replace").decode("latin-1")))
    assert in_order(lambda: call("GET", tool.path, token=wrong)).status_code == 401
    in_order(lambda: call("PUT", tool.path, data.draw(bodies(tool.told)), token=token))


class TestTheDoorFromOtherPlatforms:
    @pytest.fixture
    def lms(self, receiver: Receiver) -> OtherLms:
        lms = OtherLms(receiver, make_exam())
        lms.known_as(makes_people=True)
        return lms

    @few
    @given(
        query=queries(
            "iss", "login_hint", "target_link_uri", "lti_message_hint", "client_id", "lti_deployment_id"
        )
    )
    def test_logins(self, lms: OtherLms, query: str) -> None:
        in_order(lambda: Client().get(f"/door/login?iss=https://lms.northgate.example&login_hint=h&{query}"))
        in_order(lambda: Client().get(f"/door/login?{query}"))

    @few
    @given(data=st.data(), message=st.sampled_from(["launch", "picker"]))
    def test_messages(self, lms: OtherLms, data: Any, message: str) -> None:
        browser = Client()
        asked = lms.begin(browser)
        good = lms.claims(asked, email="l@northgate.example", given_name="L", family_name="R", locale="es")
        if message == "picker":
            good |= picking_claims(good)
        token = data.draw(jwts(good, key=lms.key))
        in_order(lambda: lms.post(browser, token=token, state=asked["state"]))

    @pytest.mark.parametrize("said", ["\x00", "a\x00b", "\ud800", [], "x" * 300])
    def test_what_no_database_keeps(self, lms: OtherLms, said: Any) -> None:
        names = ["iss", "aud", "sub", "nonce", "email", "given_name", f"{LTI}lis", f"{LTI}roles", AGS]
        for name in names:
            browser = Client()
            asked = lms.begin(browser)
            claims = {**lms.claims(asked), name: held_by(name, said)}
            token = sign_anything(lms.key, claims)
            in_order(partial(lms.post, browser, token=token, state=asked["state"]))

    @pytest.mark.parametrize("said", ["%00", "a%00b", "%ed%a0%80", "x" * 300])
    def test_logins_that_no_database_keeps(self, lms: OtherLms, said: str) -> None:
        for name in ("iss", "client_id", "login_hint"):
            query = {"iss": ISSUER, "client_id": lms.client_id, "login_hint": "h", name: said}
            sent = "&".join(f"{key}={value}" for key, value in query.items())
            in_order(partial(Client().get, f"/door/login?{sent}"))

    @few
    @given(fields=st.dictionaries(st.sampled_from(["id_token", "state", "error", "repost"]), texts))
    def test_posts(self, lms: OtherLms, fields: dict[str, str]) -> None:
        said = {name: value.encode("utf-8", "replace").decode() for name, value in fields.items()}
        in_order(lambda: Client().post("/door/launch", {"repost": "1", **said}))
        learner = signed_in(lena())
        in_order(lambda: learner.post("/door/offer", said))


def held_by(name: str, said: Any) -> Any:
    """The value, in the member of the claim in which it would be kept."""
    inside = {
        f"{LTI}lis": {"person_sourcedid": said},
        f"{LTI}roles": [said],
        AGS: {"scope": [SCORE], "lineitem": said},
    }
    return inside.get(name, said)


def picking_claims(good: dict[str, Any]) -> dict[str, Any]:
    """What makes a launch a deep linking request."""
    settings = {
        "deep_link_return_url": "https://lms.northgate.example/return",
        "accept_types": ["ltiResourceLink"],
        "accept_presentation_document_targets": ["window"],
        "data": "d",
    }
    return {
        **good,
        f"{LTI}message_type": "LtiDeepLinkingRequest",
        f"{LTI}roles": ["http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"],
        DEEP_LINKING: settings,
    }
