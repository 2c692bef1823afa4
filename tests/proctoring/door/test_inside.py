"""Who came from another LMS learns here, does nothing else, and finds the way back."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lti_platform.launches.models import Launch
from lti_platform.people.models import Person
from tests.certificates.passing import make_attempt
from tests.factories import grant, make_context, make_exam, make_link, make_membership
from tests.proctoring.door.other_lms import OtherLms
from tests.proctoring.door.test_arriving import on_the_roster, organization_of
from tests.services.receiver import Receiver

pytestmark = pytest.mark.django_db


@pytest.fixture
def lms(receiver: Receiver) -> OtherLms:
    return OtherLms(receiver, make_exam())


@pytest.mark.parametrize("role", ["lms_admin", "compliance", "superuser"])
def test_a_role_given_meanwhile_opens_nothing_to_who_came_from_outside(
    client: Client, lms: OtherLms, role: str
) -> None:
    person = on_the_roster(lms)
    lms.known_as()
    lms.launch(client)
    if role == "superuser":
        Person.objects.filter(pk=person.pk).update(is_superuser=True)
    else:
        grant(person, role)
    page = "/files/" if role == "compliance" else "/admin/tools/"
    assert client.get(page).status_code == 403
    assert client.get(f"/courses/{lms.exam.context_id}/gradebook/").status_code == 404
    client.logout()
    client.force_login(Person.objects.get(pk=person.pk), backend=settings.AUTHENTICATION_BACKENDS[0])
    assert client.get(page).status_code == 200


def test_who_is_made_a_teacher_meanwhile_neither_grades_nor_teaches_by_another_platforms_word(
    client: Client, lms: OtherLms
) -> None:
    person = on_the_roster(lms)
    lms.known_as()
    lms.launch(client)
    course = make_context(organization_of(lms))
    link = make_link(course)
    make_membership(person, course, "Instructor")
    for_teachers = [f"/courses/{course.pk}/gradebook/", f"/courses/{course.pk}/gradebook.csv"]
    assert [client.get(page).status_code for page in for_teachers] == [404, 404]
    opened = client.get(f"/lti/launch/{link.pk}/")
    assert opened.status_code == 403
    assert not Launch.objects.exists()
    client.force_login(Person.objects.get(pk=person.pk), backend=settings.AUTHENTICATION_BACKENDS[0])
    assert [client.get(page).status_code for page in for_teachers] == [200, 200]
    assert client.get(f"/lti/launch/{link.pk}/").status_code == 302


@pytest.mark.parametrize("language", ["en", "es"])
def test_who_is_done_finds_the_way_back(client: Client, lms: OtherLms, language: str) -> None:
    person = on_the_roster(lms, locale=language)
    lms.known_as()
    lms.launch(client, launch_presentation={"return_url": "https://lms.northgate.example/course/7"})
    attempt = make_attempt(timezone.now(), person=person, exam=lms.exam)
    page = client.get(reverse("attempt", args=[attempt.pk])).content.decode()
    assert 'href="https://lms.northgate.example/course/7"' in page
    assert {"en": "Back to your learning system", "es": "Volver a tu sistema de aprendizaje"}[
        language
    ] in page


@pytest.mark.parametrize("address", ["javascript:alert(1)", "https://[", 7, "//x.example"])
def test_a_way_back_that_is_no_address_is_none(client: Client, lms: OtherLms, address: object) -> None:
    on_the_roster(lms)
    lms.known_as()
    assert lms.launch(client, launch_presentation={"return_url": address}).status_code == 302
    assert client.session["return_to"] == ""
