"""Whom the proctoring tool says it checked, against whom we know: normalised names, and what a difference leads to."""

from collections.abc import Callable
from typing import Any

import pytest

from proctoring import reviewing
from proctoring.cases import open_incidents
from proctoring.deadlines import release_what_may
from proctoring.identity import Policy, codes, compare, is_within
from proctoring.models import Incident, ReviewCase
from proctoring.transitions import State
from tests.factories import lena, make_person, pia
from tests.proctoring.exam_day import ExamDay, exam_day

Settle = Callable[..., int]
LENA = {"name": "Lena Ruiz", "given_name": "Lena", "family_name": "Ruiz", "email": "lena@example.test"}


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ("Lena Ruiz", "LENA RUIZ"),
        ("Lena Ruiz", "Ruiz, Lena"),
        ("José Núñez", "Jose Nunez"),
        ("Jose Nunez", "JOSÉ NÚN\u0303EZ".replace("N\u0303", "Ñ")),
        ("Zoë O’Brien", "Zoe O'Brien"),
        ("Jean-Luc Straße", "Jean Luc STRASSE"),
        ("Lena Ruiz", "Lena Maria Ruiz Delgado"),
        ("İpek Ay", "ipek ay"),
    ],
)
def test_names_agree_whatever_case_accents_order_and_further_names(known: str, said: str) -> None:
    assert is_within(known, said)


@pytest.mark.parametrize("said", ["Mallory Stone", "Lena", "Lena R.", "Len A Ruiz", "", "LenaRuiz"])
def test_other_names_do_not_agree(said: str) -> None:
    assert not is_within("Lena Ruiz", said)


@pytest.mark.parametrize(
    ("verified", "differing"),
    [
        ({"name": "Lena Ruiz"}, ()),
        ({"full_name": "RUIZ LENA"}, ()),
        ({"full_name": "Mallory Stone"}, ("full_name",)),
        ({"given_name": "Ruiz", "family_name": "Lena"}, ()),
        ({"given_name": "Lena"}, ()),
        ({"family_name": "Stone"}, ("family_name",)),
        ({"given_name": "Lena", "family_name": "Stone"}, ("given_name", "family_name")),
        ({"email": "LENA@example.test"}, ()),
        ({"email": "mallory@example.test"}, ("email",)),
        ({"middle_name": "Maria", "locale": "fr"}, ()),
    ],
)
def test_what_is_compared_is_what_both_sides_have(
    verified: dict[str, str], differing: tuple[str, ...]
) -> None:
    assert compare(verified, supplied=LENA).differing == differing


def test_what_the_tool_was_never_told_is_not_compared() -> None:
    found = compare({"name": "Mallory Stone", "email": "m@example.test"}, supplied={})
    assert (found.compared, found.differing) == ((), ())
    assert codes(found, policy=Policy.FLAG) == []
    assert codes(found, policy=Policy.HOLD) == ["identity_unverified"]


@pytest.mark.parametrize("picture", ["https://pictures.test/lena.jpg", "http://testserver.test/lena.jpg"])
def test_a_picture_of_ours_proves_nothing(picture: str, settings: Any) -> None:
    settings.PLATFORM_URL = "http://testserver.test"
    found = compare({"picture": picture}, supplied={"picture": "https://pictures.test/lena.jpg"})
    assert codes(found, policy=Policy.FLAG) == ["identity_picture_ours"]


def checked_in(policy: str, said: Any, *, review: str = "not_required", privacy: str = "public") -> ExamDay:
    """Lena is checked in; the tool says whom it verified."""
    day = exam_day(identity_policy=policy, review_policy=review, person=lena())
    registration = day.exam.proctoring_link.deployment.registration
    registration.privacy = privacy
    registration.save()
    day.begin()
    day.attempt = day.post(day.token(verified_user=said))
    return day


@pytest.mark.django_db
class TestPolicies:
    def test_ignoring_keeps_what_was_said_and_flags_nothing(self) -> None:
        day = checked_in("ignore", {"name": "Mallory Stone"})
        assert day.attempt.sessions.get().verified_user == {"name": "Mallory Stone"}
        assert not Incident.objects.exists()

    @pytest.mark.parametrize(("policy", "severity"), [("flag", "0.6"), ("hold", "0.9")])
    def test_a_difference_is_an_incident_and_the_exam_runs(self, policy: str, severity: str) -> None:
        day = checked_in(policy, {"name": "Mallory Stone"})
        incident = Incident.objects.get()
        assert (incident.reason_code, f"{incident.severity:.1f}") == ("identity_differs", severity)
        assert (day.state, incident.needs_decision) == (State.RUNNING, True)

    @pytest.mark.parametrize("privacy", ["anonymous", "email"])
    def test_only_what_the_privacy_level_shows_is_compared(self, privacy: str) -> None:
        checked_in("flag", {"name": "Mallory Stone"}, privacy=privacy)
        assert not Incident.objects.exists()

    @pytest.mark.parametrize(("policy", "count"), [("flag", 0), ("hold", 1)])
    def test_saying_nothing_is_a_reason_to_hold_but_not_to_flag(self, policy: str, count: int) -> None:
        checked_in(policy, None)
        assert Incident.objects.filter(reason_code="identity_unverified").count() == count

    def test_the_policy_is_the_one_the_attempt_began_with(self) -> None:
        day = exam_day(identity_policy="ignore")
        day.begin()
        type(day.exam).objects.update(identity_policy="hold")
        day.check_in()
        assert not Incident.objects.exists()

    def test_a_held_result_waits_for_a_person_even_where_none_would_review(self, settle: Settle) -> None:
        day = checked_in("hold", {"name": "Mallory Stone"})
        finish(day, settle)
        assert (day.state, ReviewCase.objects.get().state) == (State.SUBMITTED, "waiting")
        judge(day, "clear")
        settle(now=day.now)
        assert day.state == State.RELEASED

    def test_a_name_that_agrees_is_released_without_anybody(self, settle: Settle) -> None:
        day = checked_in("hold", {"full_name": "RUIZ, Léna"})
        finish(day, settle)
        assert day.state == State.RELEASED


def finish(day: ExamDay, settle: Settle) -> None:
    """Handed in, scored, sealed, and the settle delay over."""
    day.session.refresh_from_db()
    day.score()
    settle(now=day.now)
    day.seal()
    settle(now=day.now)
    release_what_may(now=day.pass_by(minutes=1))


def judge(day: ExamDay, outcome: str) -> None:
    """Pia dismisses what stands against Lena, and signs."""
    reviewer = pia()
    for incident in open_incidents(day.attempt):
        reviewing.decide_incident(
            incident.id, reviewer=reviewer, judgement="dismissed", reason="Married name.", now=day.now
        )
    case = ReviewCase.objects.get()
    reviewing.give_verdict(case.id, reviewer=reviewer, outcome=outcome, note="", now=day.now)


@pytest.mark.django_db
def test_a_person_without_a_family_name_can_be_verified() -> None:
    day = exam_day(identity_policy="hold", person=make_person("Sukarno", ""))
    day.begin()
    day.post(day.token(verified_user={"name": "SUKARNO"}))
    assert not Incident.objects.exists()
