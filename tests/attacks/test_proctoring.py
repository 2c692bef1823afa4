"""Attacks on the proctoring messages and the Assessment Control Service; ids carry the numbers of the cases."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from lti_platform.journal.models import Entry
from lti_platform.journal.working import run_due
from lti_platform.launches.models import Launch
from proctoring.messages import LTI, A
from proctoring.models import Attempt, Incident, ReviewCase, Session
from proctoring.transitions import State
from tests.browsing import signed_in
from tests.factories import make_deployment, make_membership, make_registration, mallory
from tests.proctoring.browsing import START_URL, BrowserDay
from tests.recorded import refusals
from tests.tool_keys import ToolKey, tool_key

pytestmark = pytest.mark.django_db
STRANGE_KEY = "a-key-of-somebody-else"


def is_untouched(story: BrowserDay) -> bool:
    session = Session.objects.get(pk=story.day.session.pk)
    return story.day.state == State.CHECKING_IN and session.started_at is None


def unsigned(story: BrowserDay) -> str:
    head, body, _signature = story.day.token().split(".")
    return f"{head}.{body}.{'A' * 342}"


class TestStartAssessment:
    @pytest.mark.parametrize(
        ("method", "status"),
        [pytest.param("get", 405, id="case-159 by GET"), pytest.param("put", 405, id="case-159 by PUT")],
    )
    def test_only_a_post_starts(self, story: BrowserDay, method: str, status: int) -> None:
        answer = getattr(story.lena, method)(START_URL, {"JWT": story.day.token()})
        assert answer.status_code == status
        assert is_untouched(story)

    @pytest.mark.parametrize(
        "token", [pytest.param(None, id="case-159 no JWT"), pytest.param("", id="case-159 empty JWT")]
    )
    def test_without_a_message_nothing_starts(self, story: BrowserDay, token: str | None) -> None:
        answer = story.post_start(token)
        assert (answer.status_code, is_untouched(story)) == (400, True)
        assert refusals() == ["start_token_missing"]

    @pytest.mark.parametrize(
        ("token", "rule"),
        [
            pytest.param(lambda s: "not.a.jwt", "jwt_malformed", id="case-160 not a JWT"),
            pytest.param(lambda s: "\x00", "jwt_malformed", id="case-160 NUL"),
            pytest.param(unsigned, "signature_invalid", id="case-160 signature"),
            pytest.param(
                lambda s: s.day.token(key=tool_key(STRANGE_KEY), headers={"kid": "tool-key-1"}),
                "signature_invalid",
                id="case-160 signed by another key",
            ),
            pytest.param(lambda s: s.day.token(key=ToolKey("unknown-kid")), "kid_unknown", id="case-160 kid"),
            pytest.param(
                lambda s: jwt.encode(s.day.claims(), "", algorithm="none"),
                "algorithm_refused",
                id="case-160 alg none",
            ),
            pytest.param(
                lambda s: jwt.encode(s.day.claims(), "x" * 40, algorithm="HS256"),
                "algorithm_refused",
                id="case-160 alg HS256",
            ),
            pytest.param(lambda s: s.day.token(iss="nobody"), "client_unknown", id="case-160 iss unknown"),
            pytest.param(lambda s: s.day.token(iss=7), "client_unknown", id="case-160 iss a number"),
            pytest.param(lambda s: s.day.token(iss="a\x00b"), "client_unknown", id="case-160 iss with NUL"),
            pytest.param(lambda s: s.day.token(iss=None), "client_unknown", id="case-160 iss missing"),
            pytest.param(
                lambda s: s.day.token(aud="https://other.test"), "claim_refused_aud", id="case-160 aud"
            ),
            pytest.param(lambda s: s.day.token(aud=None), "claim_refused_aud", id="case-160 aud missing"),
            pytest.param(lambda s: s.day.token(exp=1), "claim_refused_exp", id="case-160 exp"),
            pytest.param(lambda s: s.day.token(exp="soon"), "claim_refused_exp", id="case-160 exp text"),
            pytest.param(
                lambda s: s.day.token(nonce=None), "claim_refused_nonce", id="case-160 nonce missing"
            ),
        ],
    )
    def test_a_message_that_is_not_proven_starts_nothing(
        self, story: BrowserDay, token: Callable[[BrowserDay], str], rule: str
    ) -> None:
        answer = story.post_start(token(story))
        assert (answer.status_code, is_untouched(story), refusals()) == (400, True, [rule])

    @pytest.mark.parametrize("_case", [pytest.param(0, id="case-160 nonce used before")])
    def test_a_nonce_counts_once(self, story: BrowserDay, _case: int) -> None:
        assert story.post_start(story.day.token(nonce="n-1")).status_code == 303
        story.day.open_proctoring()
        answer = story.post_start(story.day.token(nonce="n-1"))
        assert (answer.status_code, refusals()) == (400, ["jwt_replayed"])
        assert Session.objects.get(pk=story.day.session.pk).started_at is None

    @pytest.mark.parametrize(
        ("data", "rule"),
        [
            pytest.param(None, "start_session_data_unknown", id="case-161 missing"),
            pytest.param("", "start_session_data_unknown", id="case-161 empty"),
            pytest.param("altered", "start_session_data_unknown", id="case-161 altered"),
            pytest.param(["x"], "start_session_data_unknown", id="case-161 a list"),
            pytest.param("\ud800", "start_session_data_unknown", id="case-161 no Unicode"),
        ],
    )
    def test_session_data_must_come_back_as_it_was(self, story: BrowserDay, data: Any, rule: str) -> None:
        answer = story.post_start(story.day.token(session_data=data))
        assert (answer.status_code, is_untouched(story), refusals()) == (400, True, [rule])

    @pytest.mark.parametrize("_case", [pytest.param(0, id="case-161 expired")])
    def test_session_data_does_not_last_for_ever(self, story: BrowserDay, _case: int) -> None:
        Session.objects.update(session_data_expires_at=story.day.now - timedelta(seconds=1))
        answer = story.post_start(story.day.token())
        assert (answer.status_code, is_untouched(story), refusals()) == (
            400,
            True,
            ["start_session_data_expired"],
        )

    @pytest.mark.parametrize("_case", [pytest.param(0, id="case-161 reused")])
    def test_session_data_counts_once(self, running: BrowserDay, _case: int) -> None:
        answer = running.post_start(running.day.token())
        assert (answer.status_code, refusals()) == (400, ["start_session_data_used"])
        assert running.day.attempt.transitions.filter(event="start").count() == 1

    @pytest.mark.parametrize("_case", [pytest.param(0, id="case-162 of another candidate")])
    def test_nobody_starts_the_exam_of_another(self, story: BrowserDay, _case: int) -> None:
        attacker = mallory()
        make_membership(attacker, story.day.exam.context)
        answer = story.post_start(story.day.token(), browser=signed_in(attacker))
        assert (answer.status_code, is_untouched(story), refusals()) == (400, True, ["start_other_person"])
        assert Entry.objects.get(fact_type="security.refused").actor_id == str(attacker.pk)

    @pytest.mark.parametrize("_case", [pytest.param(0, id="case-162 in another browser")])
    def test_the_check_in_of_one_browser_starts_nothing_in_another(
        self, story: BrowserDay, _case: int
    ) -> None:
        answer = story.post_start(story.day.token(), browser=signed_in(story.day.person))
        assert (answer.status_code, is_untouched(story), refusals()) == (400, True, ["start_other_browser"])

    @pytest.mark.parametrize("_case", [pytest.param(0, id="case-163 no session")])
    def test_a_post_without_session_is_posted_again_once_and_then_asks_to_sign_in(
        self, story: BrowserDay, _case: int
    ) -> None:
        nobody, token = Client(enforce_csrf_checks=True), story.day.token()
        again = story.post_start(token, browser=nobody)
        assert again.status_code == 200
        assert token in again.content.decode()
        last = story.post_start(token, browser=nobody, repost="1")
        assert (last.status_code, last["Location"].split("?")[0]) == (302, reverse("account_login"))
        assert is_untouched(story)

    @pytest.mark.parametrize(
        "number",
        [
            pytest.param(2, id="case-164 differs"),
            pytest.param(0, id="case-164 zero"),
            pytest.param("1", id="case-164 text"),
            pytest.param(None, id="case-164 missing"),
            pytest.param(True, id="case-164 true"),
            pytest.param(1.0, id="case-164 a fraction"),
        ],
    )
    def test_the_attempt_number_must_come_back_as_it_was(self, story: BrowserDay, number: Any) -> None:
        answer = story.post_start(story.day.token(attempt_number=number))
        assert (answer.status_code, is_untouched(story), refusals()) == (
            400,
            True,
            ["start_attempt_number_differs"],
        )

    @pytest.mark.parametrize(
        "link",
        [
            pytest.param(None, id="case-165 missing"),
            pytest.param({"id": "another"}, id="case-165 other id"),
            pytest.param({}, id="case-165 no id"),
            pytest.param("text", id="case-165 text"),
        ],
    )
    def test_the_resource_link_must_come_back_as_it_was(self, story: BrowserDay, link: Any) -> None:
        answer = story.post_start(story.day.token(resource_link=link))
        assert (answer.status_code, is_untouched(story), refusals()) == (
            400,
            True,
            ["start_resource_link_differs"],
        )

    @pytest.mark.parametrize(
        ("changes", "rule"),
        [
            pytest.param(
                {"deployment_id": "unknown"}, f"claim_refused_{LTI}deployment_id", id="case-166 deployment"
            ),
            pytest.param({"version": "1.3"}, f"claim_refused_{LTI}version", id="case-166 version"),
            pytest.param(
                {"message_type": "LtiDeepLinkingResponse"},
                f"claim_refused_{LTI}message_type",
                id="case-166 message",
            ),
        ],
    )
    def test_it_must_be_this_message_of_this_deployment(
        self, story: BrowserDay, changes: dict[str, Any], rule: str
    ) -> None:
        answer = story.post_start(story.day.token(**changes))
        assert (answer.status_code, is_untouched(story), refusals()) == (400, True, [rule])

    @pytest.mark.parametrize("_case", [pytest.param(0, id="case-166 another deployment of the same tool")])
    def test_another_deployment_of_the_same_tool_starts_nothing(self, story: BrowserDay, _case: int) -> None:
        other = make_deployment(story.day.exam.proctoring_link.deployment.registration)
        answer = story.post_start(story.day.token(deployment_id=other.deployment_id))
        assert (answer.status_code, is_untouched(story), refusals()) == (
            400,
            True,
            ["start_deployment_differs"],
        )

    @pytest.mark.parametrize(
        ("messages", "rule"),
        [
            pytest.param(
                ["LtiResourceLinkRequest"], "start_not_a_proctoring_tool", id="case-167 assessment tool"
            ),
            pytest.param(
                ["LtiStartProctoring"], "start_deployment_differs", id="case-167 other proctoring tool"
            ),
        ],
    )
    def test_another_tool_of_ours_starts_nothing(
        self, story: BrowserDay, messages: list[str], rule: str
    ) -> None:
        other = make_deployment(make_registration(messages=[{"type": name} for name in messages]))
        token = story.day.token(iss=other.registration.client_id, deployment_id=other.deployment_id)
        answer = story.post_start(token)
        assert (answer.status_code, is_untouched(story), refusals()) == (400, True, [rule])

    @pytest.mark.parametrize(
        "end",
        [
            pytest.param("submit", id="case-168 submitted"),
            pytest.param("terminate", id="case-168 terminated"),
        ],
    )
    def test_an_exam_that_is_over_is_not_started_again(self, running: BrowserDay, end: str) -> None:
        running.day.open_proctoring()
        if end == "submit":
            running.day.score()
            run_due(now=running.day.now)
        else:
            running.day.control("terminate")
        state = running.day.state
        answer = running.post_start(running.day.token())
        assert (answer.status_code, answer["Location"]) == (
            303,
            reverse("attempt", args=[running.day.attempt.id]),
        )
        assert running.day.state == state
        assert refusals() == ["start_attempt_over"]

    @pytest.mark.parametrize(
        "value", [pytest.param("yes", id="case-169 text"), pytest.param(1, id="case-169 number")]
    )
    def test_an_end_assessment_return_that_is_no_boolean_is_no(self, story: BrowserDay, value: Any) -> None:
        assert story.post_start(story.day.token(end_assessment_return=value)).status_code == 303
        assert story.day.state == State.RUNNING
        assert not Session.objects.get().end_assessment_return

    @pytest.mark.parametrize(
        ("said", "kept"),
        [
            pytest.param(
                {"sub": "x", "iss": "y", "given_name": "Lena"},
                {"given_name": "Lena"},
                id="case-170 sub and iss",
            ),
            pytest.param({"given_name": ["Lena"], "picture": "x" * 2000}, {}, id="case-170 not short text"),
            pytest.param("Lena", {}, id="case-170 no object"),
        ],
    )
    def test_who_the_person_is_does_not_come_from_the_tool(
        self, story: BrowserDay, said: Any, kept: Any
    ) -> None:
        assert story.post_start(story.day.token(verified_user=said)).status_code == 303
        assert Session.objects.get().verified_user == kept

    @pytest.mark.parametrize("policy", ["flag", "hold"])
    @pytest.mark.parametrize(
        ("said", "code"),
        [
            pytest.param({"name": "Mallory Stone"}, "identity_differs", id="case-171 another name"),
            pytest.param(
                {"name": "Lena Ruiz", "picture": "http://localhost:8000/media/lena.jpg"},
                "identity_picture_ours",
                id="case-171 our own picture",
            ),
        ],
    )
    def test_a_name_or_picture_that_proves_nothing_comes_before_a_person(
        self, said: dict[str, str], code: str, policy: str, settings: LazySettings
    ) -> None:
        settings.PLATFORM_URL = "http://localhost:8000"
        story = BrowserDay(identity_policy=policy, review_policy="not_required")
        story.day.begin()
        assert story.post_start(story.day.token(verified_user=said)).status_code == 303
        assert Incident.objects.get().reason_code == code
        story.day.score()
        run_due(now=story.day.now)
        state = "waiting" if policy == "hold" else "not_required"
        assert (story.day.state, ReviewCase.objects.get().state) == (State.SUBMITTED, state)

    @pytest.mark.parametrize("_case", [pytest.param(0, id="case-172 posted twice")])
    def test_a_refreshed_post_shows_the_running_exam(self, story: BrowserDay, _case: int) -> None:
        token = story.day.token()
        answers = [story.post_start(token) for _time in range(2)]
        assert {answer["Location"] for answer in answers} == {reverse("attempt", args=[story.day.attempt.id])}
        assert story.day.attempt.transitions.filter(event="start").count() == 1
        assert refusals() == []


class TestReturning:
    @pytest.mark.parametrize("_case", [pytest.param(0, id="case-173 refused at check-in")])
    def test_a_tool_that_sends_the_candidate_back_is_heard(self, _case: int) -> None:
        story = BrowserDay()
        story.lena.post(reverse("exam-begin", args=[story.day.exam.pk]), {"agree": "yes"})
        launch = Launch.objects.get()
        Launch.objects.update(state=Launch.State.SENT)
        words = {"lti_errormsg": "<script>x</script> too dark", "lti_errorlog": "lux=3"}
        answer = story.lena.get(f"/lti/return/{launch.reference}", words)
        attempt = Attempt.objects.get()
        assert b"<script>x" not in answer.content
        assert (attempt.state, attempt.started_at) == (State.BLOCKED, None)
        page = story.page("attempt", attempt.id).content.decode()
        assert "&lt;script&gt;x&lt;/script&gt; too dark" in page

    @pytest.mark.parametrize(
        ("asked", "status"),
        [pytest.param(False, 404, id="case-174 not asked"), pytest.param(True, 200, id="case-174 asked")],
    )
    def test_the_end_is_told_only_to_tools_that_asked(
        self, story: BrowserDay, asked: bool, status: int
    ) -> None:
        story.post_start(story.day.token(end_assessment_return=asked))
        story.day.score()
        run_due(now=story.day.now)
        assert story.day.state == State.SUBMITTED
        answer = story.lena.post(reverse("attempt-end", args=[story.day.attempt.id]))
        assert answer.status_code == status
        assert Launch.objects.filter(message_type="LtiEndAssessment").exists() is asked


def test_the_shapes_of_claims_are_the_standards() -> None:
    assert A == "https://purl.imsglobal.org/spec/lti-ap/claim/"
    assert LTI == "https://purl.imsglobal.org/spec/lti/claim/"
