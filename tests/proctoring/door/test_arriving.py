"""Learners of another LMS come to our exam: as the person the roster knows, or not at all."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from lti_platform.courses.models import Membership
from lti_platform.journal.models import Entry, EntryDetails
from lti_platform.people.models import Organization, Person
from proctoring.door.models import OtherPlatform, ReturnAddress, Visitor
from tests.factories import (
    ada,
    grant,
    lena,
    make_context,
    make_exam,
    make_membership,
    make_organization,
    make_person,
)
from tests.proctoring.door.other_lms import ISSUER, LIS, OtherLms, new_subject
from tests.services.receiver import Receiver

pytestmark = pytest.mark.django_db


@pytest.fixture
def lms(receiver: Receiver) -> OtherLms:
    return OtherLms(receiver, make_exam())


def organization_of(lms: OtherLms) -> Organization:
    return lms.exam.context.organization


def on_the_roster(lms: OtherLms, **fields: Any) -> Person:
    return lena(organization=organization_of(lms), **{"employee_id": "E-1001", **fields})


def rule(answer: Any) -> str:
    """The rule that kept somebody out, as recorded."""
    assert answer.status_code == 400
    assert "exam could not open" in answer.content.decode()
    return str(Entry.objects.filter(fact_type="security.refused").latest("recorded_at").payload["rule"])


def test_a_learner_comes_as_the_person_the_roster_knows(client: Client, lms: OtherLms) -> None:
    person = on_the_roster(lms)
    lms.known_as()
    answer = lms.launch(client)
    assert (answer.status_code, answer["Location"]) == (302, f"/exams/{lms.exam.pk}/")
    assert client.session["_auth_user_id"] == str(person.pk)
    assert client.get(answer["Location"]).status_code == 200
    assert Membership.objects.get(person=person).roles == ["Learner"]
    assert ReturnAddress.objects.get().line_item_url == lms.receiver.url("/items/7")


def test_who_came_once_is_known_by_their_account(client: Client, lms: OtherLms) -> None:
    person = on_the_roster(lms)
    lms.known_as()
    lms.launch(client)
    lms.launch(Client(), lis={"person_sourcedid": "E-9999"})
    assert Visitor.objects.get().person == person


@pytest.mark.parametrize(
    ("named_by", "said"),
    [
        ("sourced_id", {}),
        ("custom", {"custom": {"employee_id": "E-1001"}}),
        ("subject", {"sub": "E-1001"}),
    ],
)
def test_the_employee_id_is_where_the_admin_said(
    client: Client, lms: OtherLms, named_by: str, said: dict[str, Any]
) -> None:
    person = on_the_roster(lms)
    lms.known_as(named_by=named_by)
    if "custom" in said:
        said["custom"]["exam"] = str(lms.exam.pk)
    assert lms.launch(client, **said).status_code == 302
    assert Visitor.objects.get().person == person


def test_somebody_new_is_added_to_the_roster_where_the_admin_allows_it(client: Client, lms: OtherLms) -> None:
    lms.known_as(makes_people=True)
    lms.launch(
        client, given_name="Mateo", family_name="Silva", email="mateo@northgate.example", locale="es-MX"
    )
    person = Visitor.objects.get().person
    assert (person.employee_id, person.full_name, person.email) == (
        "E-1001",
        "Mateo Silva",
        "mateo@northgate.example",
    )
    assert (person.locale, person.organization) == ("es", organization_of(lms))
    assert not person.has_usable_password()


def test_an_email_that_is_somebody_elses_is_left_out_and_matches_nobody(
    client: Client, lms: OtherLms
) -> None:
    other = lena(email="lena@northgate.example")
    lms.known_as(makes_people=True)
    lms.launch(client, email="lena@northgate.example")
    person = Visitor.objects.get().person
    assert (person.email, person.pk == other.pk) == (None, False)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"lis": None}, "door_person_unnamed"),
        ({"lis": {"person_sourcedid": "E-5"}}, "door_person_unknown"),
        ({"lis": {"person_sourcedid": 7}}, "door_person_unnamed"),
        ({"lis": {"person_sourcedid": "E-1001\0"}}, "door_person_unnamed"),
        ({"roles": [f"{LIS}Instructor"]}, "door_not_a_learner"),
        ({"roles": []}, "door_not_a_learner"),
        ({"custom": {"exam": "$Exam"}}, "door_exam_unknown"),
        ({"custom": None}, "door_exam_unknown"),
    ],
)
def test_who_cannot_be_matched_stays_out(
    client: Client, lms: OtherLms, said: dict[str, Any], expected: str
) -> None:
    on_the_roster(lms)
    lms.known_as()
    assert rule(lms.launch(client, **said)) == expected
    assert not Visitor.objects.exists()
    assert "_auth_user_id" not in client.session


def test_a_person_of_another_organization_stays_out_and_is_not_told_why(
    client: Client, lms: OtherLms
) -> None:
    lena(employee_id="E-1001", organization=make_organization("Other Company"))
    lms.known_as(makes_people=True)
    answer = lms.launch(client)
    assert rule(answer) == "door_person_elsewhere"
    assert "Other Company" not in answer.content.decode()


def test_an_exam_of_another_organization_is_none(client: Client, lms: OtherLms) -> None:
    on_the_roster(lms)
    lms.known_as(organization=make_organization("Other Company"))
    assert rule(lms.launch(client)) == "door_exam_unknown"


@pytest.mark.parametrize("role", ["proctor", "lms_admin", "compliance", "hr_viewer"])
def test_staff_never_come_in_from_outside(client: Client, lms: OtherLms, role: str) -> None:
    grant(on_the_roster(lms), role)
    lms.known_as()
    assert rule(lms.launch(client)) == "door_staff_stays_out"


def test_staff_that_became_staff_later_stay_out_too(client: Client, lms: OtherLms) -> None:
    person = on_the_roster(lms)
    lms.known_as()
    lms.launch(client)
    grant(person, "proctor")
    assert rule(lms.launch(Client())) == "door_staff_stays_out"


def test_a_teacher_who_tries_the_link_learns_where_it_leads(client: Client, lms: OtherLms) -> None:
    lms.known_as()
    answer = lms.launch(client, roles=[f"{LIS}Instructor"])
    assert f"For learners this link opens “{lms.exam.title}”" in answer.content.decode()


@pytest.mark.parametrize("role", ["Instructor", "Instructor#Grader"])
def test_who_grades_anywhere_never_comes_in_from_outside(client: Client, lms: OtherLms, role: str) -> None:
    make_membership(on_the_roster(lms), make_context(make_organization("Other Company")), role)
    lms.known_as()
    assert rule(lms.launch(client)) == "door_staff_stays_out"
    assert "_auth_user_id" not in client.session


def test_who_went_over_to_another_company_is_theirs_no_more(client: Client, lms: OtherLms) -> None:
    person = on_the_roster(lms)
    lms.known_as()
    lms.launch(client)
    Person.objects.filter(pk=person.pk).update(organization=make_organization("Other Company"))
    other = Client()
    assert rule(lms.launch(other)) == "door_person_elsewhere"
    assert "_auth_user_id" not in other.session


@pytest.mark.parametrize(
    "address",
    [
        "https://[",
        "javascript:alert(1)",
        "https://lms.northgate.example;script-src *",
        "https://lms.northgate.example; script-src *",
        "https://ada@lms.northgate.example/return",
    ],
)
def test_a_return_address_cannot_become_a_policy(client: Client, lms: OtherLms, address: str) -> None:
    lms.known_as()
    assert (
        rule(lms.launch_picker(client, settings={"deep_link_return_url": address})) == "door_arrival_refused"
    )


def test_who_is_no_longer_employed_stays_out(client: Client, lms: OtherLms) -> None:
    on_the_roster(lms, contract_end=date(2020, 1, 1))
    lms.known_as()
    assert rule(lms.launch(client)) == "door_out_of_standing"


def test_who_was_taken_off_the_course_is_not_put_back(client: Client, lms: OtherLms) -> None:
    make_membership(on_the_roster(lms), lms.exam.context, status="inactive")
    lms.known_as()
    assert rule(lms.launch(client)) == "door_taken_off_the_course"


def test_a_second_account_does_not_become_the_same_person(client: Client, lms: OtherLms) -> None:
    on_the_roster(lms)
    lms.known_as()
    lms.launch(client)
    assert rule(lms.launch(Client(), sub=new_subject())) == "door_already_bound"


def test_an_admin_may_end_a_match_as_long_as_no_result_rests_on_it(client: Client, lms: OtherLms) -> None:
    on_the_roster(lms)
    platform = lms.known_as()
    lms.launch(Client())
    client.force_login(ada())
    client.post(f"/admin/other-platforms/{platform.pk}/visitors/{Visitor.objects.get().pk}/forget")
    assert lms.launch(Client(), sub=new_subject()).status_code == 302


def test_a_learner_who_was_signed_in_as_somebody_else_is_no_longer(client: Client, lms: OtherLms) -> None:
    person = on_the_roster(lms)
    lms.known_as()
    client.force_login(make_person("Mateo", "Silva"))
    lms.launch(client)
    assert client.session["_auth_user_id"] == str(person.pk)


def test_a_frame_is_asked_for_a_window(client: Client, lms: OtherLms) -> None:
    lms.known_as()
    asked = {"iss": "https://lms.example", "login_hint": '"><script>', "client_id": "c"}
    page = client.get("/door/login", asked, headers={"Sec-Fetch-Dest": "iframe"})
    assert 'target="_blank"' in page.content.decode()
    assert "<script>" not in page.content.decode().replace("<script src", "")
    assert "frame-ancestors" not in page["Content-Security-Policy"]


def test_a_post_that_lost_its_session_is_posted_again_by_our_own_page(lms: OtherLms) -> None:
    page = Client().post("/door/launch", {"id_token": "a.b.c", "state": "s"})
    assert 'name="repost" value="1"' in page.content.decode()
    assert not page.cookies
    assert OtherPlatform.objects.count() == 0


def refusal(browser: Client, *, state: str, **fields: str) -> Any:
    """Our answer to an error of the other LMS."""
    return browser.post("/door/launch", {"error": "login_required", "state": state, **fields})


def test_an_error_of_the_other_lms_is_told_in_its_own_words(client: Client, lms: OtherLms) -> None:
    lms.known_as()
    state = lms.begin(client)["state"]
    answer = refusal(client, state=state, error_description="<b>Sign in</b> at Moodle\0first")
    assert rule(answer) == "door_platform_refused"
    shown = answer.content.decode()
    assert "It says: login_required – &lt;b&gt;Sign in&lt;/b&gt; at Moodle\ufffdfirst" in shown
    assert rule(refusal(client, state=state)) == "door_arrival_refused"


def test_words_that_nobody_asked_for_are_not_shown(client: Client, lms: OtherLms) -> None:
    lms.known_as()
    lms.begin(client)
    answer = refusal(client, state="state-1", error_description="Call 555 0100")
    assert rule(answer) == "door_arrival_refused"
    assert "555 0100" not in answer.content.decode()


def test_an_endpoint_may_have_a_query(client: Client, lms: OtherLms) -> None:
    lms.known_as(authorization_endpoint=lms.receiver.url("/authorize?tenant=7"))
    asked = lms.begin(client)
    assert (asked["tenant"], asked["response_mode"]) == ("7", "form_post")


def login(browser: Client, **parameters: str) -> Any:
    """A login initiation that names no client id."""
    return browser.get("/door/login", {"iss": ISSUER, "login_hint": "h", **parameters})


def test_without_a_client_id_the_deployment_says_which_is_meant(client: Client, lms: OtherLms) -> None:
    lms.known_as()
    lms.known_as(client_id="another", deployment_ids=["2"])
    answer = login(client, lti_deployment_id="2")
    assert (answer.status_code, "client_id=another" in answer["Location"]) == (302, True)


@pytest.mark.parametrize("named", [{}, {"lti_deployment_id": "9"}, {"lti_deployment_id": "1"}])
def test_a_login_that_may_mean_several_is_told_what_to_send(
    client: Client, lms: OtherLms, named: dict[str, str]
) -> None:
    lms.known_as()
    lms.known_as(client_id="another")
    answer = login(client, **named)
    assert rule(answer) == "door_client_unnamed"
    assert "client_id or lti_deployment_id" in answer.content.decode()


def test_an_lms_that_nobody_entered_is_named_in_the_record(client: Client, lms: OtherLms) -> None:
    lms.known_as(is_enabled=False)
    answer = login(client, client_id=lms.client_id)
    assert rule(answer) == "door_platform_unknown"
    refused = Entry.objects.filter(fact_type="security.refused").latest("recorded_at")
    assert ISSUER in EntryDetails.objects.get(entry=refused).note


def reference_in(page: Any) -> str:
    """The reference that the person is shown."""
    found = re.search(r"\b[0-9A-Z]{3}-[0-9A-Z]{3}\b", page.content.decode())
    assert found
    return found[0]


def test_an_admin_finds_the_reference_with_the_reason_and_whose_side_it_is(
    client: Client, lms: OtherLms
) -> None:
    platform = lms.known_as()
    unknown = reference_in(lms.launch(Client()))
    elsewhere = reference_in(lms.launch(Client(), deployment_id="2"))
    client.force_login(ada())
    page = client.get(f"/admin/other-platforms/{platform.pk}/").content.decode()
    assert "employee id E-1001" in page
    for words in (unknown, elsewhere, "Our side", "Their side", "Nobody on the roster has this employee id."):
        assert words in page


def test_an_lms_that_nobody_entered_is_listed_for_who_sees_the_whole_platform(
    client: Client, lms: OtherLms
) -> None:
    shown = reference_in(login(Client(), client_id="x"))
    client.force_login(ada())
    assert shown in client.get("/admin/other-platforms/").content.decode()
    other = Client()
    other.force_login(ada(organization=make_organization("Other Company")))
    assert shown not in other.get("/admin/other-platforms/").content.decode()
