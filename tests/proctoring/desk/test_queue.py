from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from lti_platform.journal.models import Entry
from proctoring.models import ReviewCase, Session
from tests.browsing import signed_in
from tests.counting import counted
from tests.factories import grant, lena, make_exam, make_organization, mallory, pia
from tests.proctoring.desk.staging import an_hour_ago, waiting_cases

pytestmark = pytest.mark.django_db
QUEUE = "/review/"


def numbers(client: Client, address: str = QUEUE, **query: str) -> list[int]:
    """The cases on the page, from top to bottom."""
    return [item["case"].attempt.case_number for item in client.get(address, query).context["rows"]]


def test_the_most_severe_comes_first_and_then_the_oldest() -> None:
    now = an_hour_ago()
    (low,) = waiting_cases(1, severity="0.200")
    (newer,) = waiting_cases(1, severity="0.900", opened_at=now + timedelta(minutes=5))
    (older,) = waiting_cases(1, severity="0.900", opened_at=now)
    expected = [case.attempt.case_number for case in (older, newer, low)]
    assert numbers(signed_in(pia())) == expected


def test_a_row_says_flags_coverage_waiting_and_state() -> None:
    reviewer = pia()
    waiting_cases(1, assigned_to=reviewer)
    html = signed_in(reviewer).get(QUEUE).content.decode()
    for words in (
        "1 · 1",
        "98\u00a0%",
        "1\u00a0h",
        "Yours",
        "Lena Ruiz",
        "Refrigerant handling",
        "Northgate Energy",
    ):
        assert words in html


def test_nothing_is_said_of_the_recording_while_one_of_several_sessions_collects() -> None:
    [case] = waiting_cases(1)
    sealed = case.attempt.sessions.get()
    Session.objects.create(
        attempt=case.attempt, deployment=sealed.deployment, state=Session.State.ENDED,
        session_data_digest="second", session_data_expires_at=sealed.launched_at,
        launched_at=sealed.launched_at, started_at=sealed.launched_at, last_heard_at=sealed.launched_at,
    )  # fmt: skip
    assert "98\u00a0%" not in signed_in(pia()).get(QUEUE).content.decode()


def test_the_queue_costs_the_same_queries_with_three_cases_and_with_sixty() -> None:
    reviewer, exam = pia(), make_exam()
    waiting_cases(3, exam=exam)
    client = signed_in(reviewer)
    client.get(QUEUE)
    with counted() as few:
        client.get(QUEUE)
    waiting_cases(57, exam=exam)
    with counted() as many:
        assert len(numbers(client)) == 50
    assert len(many) == len(few) <= 12


def test_a_proctor_of_another_organization_sees_nothing_of_it() -> None:
    waiting_cases(2)
    html = signed_in(mallory("proctor")).get(QUEUE).content.decode()
    assert "Nothing waits for review." in html


def test_a_learner_may_not_see_the_queue_and_the_try_is_recorded() -> None:
    assert signed_in(lena()).get(QUEUE).status_code == 403
    assert Entry.objects.filter(fact_type="security.refused").exists()


def test_ones_own_case_is_not_in_the_queue() -> None:
    reviewer = grant(lena(), "proctor")
    waiting_cases(1, person=reviewer)
    (other,) = waiting_cases(1)
    assert numbers(signed_in(reviewer)) == [other.attempt.case_number]


def test_filters_narrow_the_queue() -> None:
    reviewer = pia()
    harbor = make_organization("Harbor Lift")
    (theirs,) = waiting_cases(1, person=lena(organization=harbor), severity="0.800")
    (mine,) = waiting_cases(1, assigned_to=reviewer)
    client = signed_in(reviewer)
    tool = mine.attempt.exam.proctoring_link.deployment.registration_id
    assert numbers(client, organization=str(harbor.pk)) == [theirs.attempt.case_number]
    assert numbers(client, severity="3") == [theirs.attempt.case_number]
    assert numbers(client, reviewer="me") == [mine.attempt.case_number]
    assert numbers(client, reviewer="nobody") == [theirs.attempt.case_number]
    assert numbers(client, tool=str(tool)) == [mine.attempt.case_number]
    assert len(numbers(client, organization="nonsense", severity="9")) == 2


def test_next_case_takes_the_first_that_nobody_has() -> None:
    reviewer = pia()
    (taken,) = waiting_cases(1, severity="0.900", assigned_to=pia())
    (free,) = waiting_cases(1, severity="0.500")
    answer = signed_in(reviewer).post(reverse("review-next"))
    assert answer["Location"] == reverse("review-session", args=[free.attempt.case_number])
    free.refresh_from_db()
    taken.refresh_from_db()
    assert (free.assigned_to, taken.assigned_to == reviewer) == (reviewer, False)
    assert Entry.objects.filter(fact_type="desk.case_assigned", actor_id=str(reviewer.pk)).count() == 1


def test_next_case_keeps_to_the_filters() -> None:
    waiting_cases(1, severity="0.900")
    (low,) = waiting_cases(1, severity="0.100")
    answer = signed_in(pia()).post(reverse("review-next"), {"severity": "1"})
    assert answer["Location"].endswith(f"/{low.attempt.case_number}/")


def test_an_empty_queue_says_so_and_what_comes_next() -> None:
    client = signed_in(pia())
    html = client.post(reverse("review-next"), follow=True).content.decode()
    assert "Nothing waits for you here." in html
    assert "Nothing waits for review." in html
    assert "its policy asks for a person" in html


def test_pages_of_the_queue_keep_the_filters() -> None:
    waiting_cases(51)
    client = signed_in(pia())
    assert "reviewer=nobody&amp;page=2" in client.get(QUEUE, {"reviewer": "nobody"}).content.decode()
    assert len(numbers(client, page="2")) == 1


def test_decided_cases_are_listed_apart_and_found_by_number_and_name() -> None:
    (done,) = waiting_cases(1, state=ReviewCase.State.DECIDED, decided_at=an_hour_ago())
    waiting_cases(1)
    client, address = signed_in(pia()), reverse("review-decided")
    number = done.attempt.case_number
    assert numbers(client, address) == [number]
    assert numbers(client, address, q=f"{number} ruiz") == [number]
    assert numbers(client, address, q="nobody") == []
    assert numbers(client, address, outcome="clear") == []


def test_the_list_tells_nothing_found_from_nothing_decided() -> None:
    client, address = signed_in(pia()), reverse("review-decided")

    def shown(**asked: str) -> str:
        return client.get(address, asked).content.decode()

    assert shown().count("No case is decided yet.") == 2
    for asked in ({"q": "nobody"}, {"q": "nobody", "outcome": "odd"}):
        assert "No case found." in shown(**asked)
        assert "No case is decided yet." not in shown(**asked)
