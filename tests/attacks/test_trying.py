"""A test launch pretends openly, and gives nobody a way in."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lti_platform.courses.models import Membership
from lti_platform.courses.vocabulary import INSTRUCTOR, LEARNER
from lti_platform.launches.models import Launch
from lti_platform.launches.vocabulary import CLAIM, TEST_USER
from tests.factories import lena, make_membership, make_person
from tests.lti_platform.launches.staging import claims_of, lena_starts, make_course
from tests.lti_platform.launches.test_trying import tried

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("pretends", "role"),
    [
        pytest.param("learner", LEARNER, id="case-043 as a learner"),
        pytest.param("instructor", INSTRUCTOR, id="case-043 as an instructor"),
    ],
)
def test_who_previews_is_marked_beside_a_real_role(pretends: str, role: str) -> None:
    claims = claims_of(tried(make_course(lena()), pretends=pretends).ask())
    assert claims[f"{CLAIM}roles"] == [role, TEST_USER]


@pytest.mark.parametrize("case", ["case-043 nobody else is marked"])
def test_nobody_else_is_marked(case: str) -> None:
    assert TEST_USER not in claims_of(lena_starts().ask())[f"{CLAIM}roles"]


@pytest.mark.parametrize("case", ["case-043 a teacher of the course may not pretend"])
def test_teaching_gives_no_right_to_pretend(case: str) -> None:
    link, teacher = make_course(lena()), make_person("Ines", "Torres")
    make_membership(teacher, link.context, "Instructor")
    browser = Client()
    browser.force_login(teacher)
    fields: dict[str, Any] = {"link": str(link.pk), "pretends": "learner"}
    address = reverse("tool-try", args=[link.deployment.registration_id])
    assert browser.post(address, fields).status_code == 403
    assert not Launch.objects.exists()
    assert Membership.objects.filter(context=link.context).count() == 2
