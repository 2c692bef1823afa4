"""Whatever is right is taken, however odd it looks: random valid requests to each endpoint."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from gradebook.addresses import line_item_url, line_items_url
from gradebook.models import Result, Score
from lti_platform.launches.models import Launch
from lti_platform.notices.addresses import service_url
from lti_platform.notices.vocabulary import NOTICE_TYPES
from lti_platform.tools import scopes
from lti_platform.tools.models import Registration, RegistrationLink
from proctoring.models import Session
from tests.attacks.asking_for_tokens import seeker
from tests.attacks.mangling import few
from tests.calling import CallingTool, make_tool
from tests.factories import lena, make_exam, make_line_item, make_membership, make_registration
from tests.gradebook.submitting import score_body
from tests.lti_platform.launches.deep_linking.staging import Picking, picking
from tests.lti_platform.launches.deep_linking.test_mangled_answers import begin_again
from tests.lti_platform.launches.staging import lena_starts
from tests.lti_platform.tools.dynamic.registering import Registrant, invited
from tests.proctoring.browsing import BrowserDay
from tests.proctoring.door.other_lms import OtherLms
from tests.proctoring.evidence.staging import Stage
from tests.proctoring.evidence.test_api import items_url, segment
from tests.services.receiver import Receiver

pytestmark = pytest.mark.django_db
some = settings(few, max_examples=15)
LETTERS = st.characters(exclude_categories=["Cs", "Cc", "Cn"])
words = st.text(LETTERS, max_size=60)
labels = st.text(LETTERS, min_size=1, max_size=60).filter(str.strip)
paths = st.text("abcXYZ0189-_/", max_size=30)
moments = st.timedeltas(timedelta(), timedelta(days=70_000)).map(
    lambda after: datetime(2001, 1, 1, tzinfo=UTC) + after
)
unknown = st.dictionaries(st.just("https://vendor.example/more"), st.booleans() | words, max_size=1)


def optional(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Any of these members."""
    return st.fixed_dictionaries({}, optional=members)


class TestServices:
    @pytest.fixture
    def tool(self) -> CallingTool:
        tool = make_tool()
        make_membership(lena(), tool.context)
        return tool

    @some
    @given(
        label=labels,
        most=st.floats(0.01, 1e6) | st.integers(1, 10**6),
        more=optional(
            resourceId=words,
            tag=words,
            gradesReleased=st.booleans(),
            startDateTime=moments.map(datetime.isoformat),
        ),
        strange=unknown,
    )
    def test_line_items(self, tool: CallingTool, label: str, most: float, more: Any, strange: Any) -> None:
        body = {"label": label, "scoreMaximum": most, **more, **strange}
        made = tool.post(line_items_url(tool.context.pk), body)
        assert made.status_code == 201, made.content
        address = made.json()["id"]
        assert (made.json()["label"], tool.get(address).json()) == (label.strip(), made.json())
        assert tool.put(address, body).status_code == 200
        assert tool.call("DELETE", address).status_code == 204

    @some
    @given(
        most=st.integers(1, 1000),
        part=st.floats(0, 1),
        activity=st.sampled_from(["Initialized", "Started", "InProgress", "Submitted", "Completed"]),
        grading=st.sampled_from(["FullyGraded", "Pending", "PendingManual", "Failed", "NotReady"]),
        more=optional(comment=words),
    )
    def test_scores(
        self, tool: CallingTool, most: int, part: float, activity: str, grading: str, more: Any
    ) -> None:
        item, learner = make_line_item(tool.link), tool.context.memberships.get().person
        progress = {"activityProgress": activity, "gradingProgress": grading, **more}
        body = score_body(learner, scoreGiven=round(most * part, 4), scoreMaximum=most, **progress)
        assert tool.post(f"{line_item_url(item)}/scores", body).status_code == 200
        assert Score.objects.filter(line_item=item).count() == 1
        results = tool.get(f"{line_item_url(item)}/results")
        assert (results.status_code, len(results.json())) == (
            200,
            Result.objects.filter(line_item=item).count(),
        )

    @some
    @given(limit=st.integers(1, 10**6), role=st.sampled_from(["", "Learner", "Instructor", "Nobody"]) | words)
    def test_rosters(self, tool: CallingTool, limit: int, role: str) -> None:
        url = f"/lti/contexts/{tool.context.pk}"
        for path in ("memberships", "groups", "group-sets"):
            said = {"limit": str(limit)} | ({"role": role} if path == "memberships" else {})
            answer = tool.client.get(f"{url}/{path}", said, headers={"Authorization": f"Bearer {tool.token}"})
            assert answer.status_code == 200, answer.content

    @some
    @given(kind=st.sampled_from(NOTICE_TYPES), path=paths, size=st.none() | st.integers(1, 10**9))
    def test_notice_handlers(self, tool: CallingTool, kind: str, path: str, size: int | None) -> None:
        handler = f"https://{tool.deployment.registration.domains[0]}/{path}"
        body = {"notice_type": kind, "handler": handler, "max_batch_size": size}
        answer = tool.put(service_url(tool.deployment.pk), body)
        assert (answer.status_code, answer.json()["handler"]) == (200, handler)


@some
@given(
    jti=labels,
    asked=st.lists(st.sampled_from(scopes.SUPPORTED), min_size=1, unique=True),
    seconds=st.integers(5, 600),
)
def test_tokens(jti: str, asked: list[str], seconds: int) -> None:
    tool = seeker(make_registration())
    now = int(datetime.now(UTC).timestamp())
    claims = tool.claims(jti=f"{uuid4()}{jti}"[:90], iat=now, exp=now + seconds)
    answer = tool.ask(scope=" ".join(asked), assertion=tool.key.sign(claims))
    assert answer.status_code == 200, answer.content
    assert set(answer.json()["scope"].split()) == set(asked)


@some
@given(
    nonce=labels.filter(lambda text: text == text.strip() and text.isprintable()),
    state=words,
    by_post=st.booleans(),
)
def test_authentication_requests(nonce: str, state: str, by_post: bool) -> None:
    stage = lena_starts()
    answer = stage.ask("POST" if by_post else "GET", nonce=nonce, state=state)
    assert b'name="id_token"' in answer.content
    stage.launch.refresh_from_db()
    assert stage.launch.state == Launch.State.SENT


class TestRegistrations:
    @pytest.fixture
    def tool(self) -> Registrant:
        return invited()

    @some
    @given(
        name=labels,
        asked=st.lists(
            st.sampled_from([*scopes.SUPPORTED, "openid", "https://vendor.example/scope"]), unique=True
        ),
        redirects=st.lists(paths, min_size=1, max_size=4),
        custom=st.dictionaries(labels, words, max_size=4),
    )
    def test_registrations(
        self, tool: Registrant, name: str, asked: list[str], redirects: list[str], custom: dict[str, str]
    ) -> None:
        RegistrationLink.objects.update(used_at=None, registration=None)
        uris = [f"https://tool.example/{path}" for path in redirects]
        changes = {"tool": {"custom_parameters": custom}, "redirect_uris": uris, "scope": " ".join(asked)}
        answer = tool.post(client_name=name, **changes)
        assert answer.status_code == 201, answer.content
        row = Registration.objects.get(client_id=answer.json()["client_id"])
        assert (row.state, row.name) == ("pending", name.strip())
        assert set(answer.json()["scope"].split()) <= set(asked)


class TestContent:
    @pytest.fixture
    def stage(self) -> Picking:
        return picking()

    @some
    @given(
        titles=st.lists(labels, max_size=4),
        more=optional(text=words, custom=st.dictionaries(labels, words, max_size=3)),
        said=optional(msg=words, log=words),
    )
    def test_deep_linking_answers(self, stage: Picking, titles: list[str], more: Any, said: Any) -> None:
        begin_again()
        items = [stage.link(title=title, **more) for title in titles]
        answer = stage.give(items, **said)
        assert answer.status_code == 303, answer.content
        assert len(stage.request.items) == len(titles)


class TestProctoring:
    @some
    @given(
        person=optional(given_name=words, family_name=words, name=words, picture=words),
        returns=st.booleans(),
        strange=unknown,
    )
    def test_start_messages(self, person: dict[str, str], returns: bool, strange: dict[str, Any]) -> None:
        story = BrowserDay()
        story.day.begin()
        token = story.day.token(verified_user=person, end_assessment_return=returns, **strange)
        assert story.post_start(token).status_code == 303
        assert Session.objects.get(pk=story.day.session.pk).session_data_used_at is not None

    @pytest.fixture
    def story(self) -> BrowserDay:
        story = BrowserDay()
        story.day.start()
        return story

    @some
    @given(
        action=st.sampled_from(["flag", "update", "pause", "resume"]),
        more=optional(
            incident_severity=st.floats(0, 1) | st.floats(0, 1).map(str),
            reason_code=words,
            reason_msg=words,
        ),
        at=moments,
    )
    def test_control_messages(self, story: BrowserDay, action: str, more: Any, at: datetime) -> None:
        answer = story.control(action, incident_time=at.isoformat(), **more)
        assert answer.status_code == 200, answer.content
        assert answer.json()["status"] in {"running", "paused"}

    @some
    @given(
        key=labels,
        severity=st.none() | st.floats(0, 1),
        message=words,
        before=st.timedeltas(timedelta(), timedelta(hours=2)),
    )
    def test_flags(
        self, story: BrowserDay, key: str, severity: float | None, message: str, before: timedelta
    ) -> None:
        moment = (story.day.now - before).isoformat()
        body = {"key": f"{uuid4().hex}{key}", "occurred_at": moment, "code": "x", "message": message}
        said = {} if severity is None else {"severity": severity}
        url = f"/api/v1/proctoring/sessions/{story.day.session.id}/flags"
        answer = story.tool.post(url, {**body, **said})
        assert answer.status_code == 201, answer.content


class TestEvidence:
    @pytest.fixture
    def stage(self, tmp_path: Any, settings: LazySettings) -> Stage:
        settings.EVIDENCE_BUCKET, settings.EVIDENCE_DIR = "", tmp_path
        return Stage(BrowserDay().day.now.replace(microsecond=0))

    @some
    @given(
        sequence=st.integers(0, 1999),
        stream=st.sampled_from(["camera", "screen"]),
        size=st.integers(1, 10**6),
    )
    def test_plans(self, stage: Stage, sequence: int, stream: str, size: int) -> None:
        exam = stage.attempt.exam
        tool = CallingTool(deployment=stage.deployment, context=exam.context, link=exam.proctoring_link)
        body = {**segment(b"", stream=stream, sequence=sequence), "bytes": size}
        answer = tool.post(items_url(stage), body)
        assert answer.status_code in {200, 201, 409}, answer.content  # 409: planned before with other bytes


class TestTheDoor:
    @pytest.fixture
    def lms(self, receiver: Receiver) -> OtherLms:
        lms = OtherLms(receiver, make_exam())
        lms.known_as(makes_people=True)
        return lms

    @some
    @given(given_name=labels, family_name=labels, locale=st.sampled_from(["es", "en", "fr-CA", "xx"]))
    def test_visits(self, lms: OtherLms, given_name: str, family_name: str, locale: str) -> None:
        browser = Client()
        asked = lms.begin(browser)
        names = {"given_name": given_name, "family_name": family_name, "locale": locale}
        token = lms.key.sign(lms.claims(asked, **names))
        assert lms.post(browser, token=token, state=asked["state"]).status_code == 302
