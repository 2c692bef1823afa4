"""Copied courses, ids that are never given to another, and tools that one course has for itself."""

from datetime import datetime
from typing import Any

import pytest
from django.db.models import ProtectedError

from gradebook.addresses import line_items_url
from gradebook.models import LineItem
from lti_platform.courses.copying import copy_course
from lti_platform.courses.deploying import deploy_in_course
from lti_platform.courses.models import Context
from lti_platform.launches.errors import ToolNotOfCourse
from lti_platform.launches.starting import start
from lti_platform.people.models import Person
from tests.calling import CallingTool, make_tool
from tests.factories import lena, make_context, make_line_item, make_link, make_membership
from tests.launching import make_launch

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("tag", [pytest.param("final", id="case-215 course copy")])
def test_a_copy_has_links_of_its_own_and_line_items_as_they_were_marked(tag: str, now: datetime) -> None:
    link = make_link()
    make_line_item(link, tag=tag, resource_id="quiz-7")
    copied = copy_course(link.context, label="REF-2", title="Copy", now=now)
    twin = copied.course.resource_links.get()
    item = LineItem.objects.get(context=copied.course)
    assert twin.pk != link.pk
    assert (twin.history, copied.course.history) == ([str(link.pk)], [str(link.context_id)])
    assert (item.tag, item.resource_id, item.resource_link_id) == (tag, "quiz-7", twin.pk)


@pytest.mark.parametrize("gone", [pytest.param("deleted", id="case-216 deleted")])
def test_a_person_a_tool_knows_cannot_be_deleted(gone: str, now: datetime) -> None:
    launch = make_launch(make_tool(), now=now)
    with pytest.raises(ProtectedError):
        launch.person.delete()
    assert Person.objects.filter(pk=launch.person_id).exists()


@pytest.mark.parametrize("kept", [pytest.param("employee_id", id="case-216 the same employee id again")])
def test_who_comes_after_has_a_sub_of_their_own(kept: str) -> None:
    before = lena(employee_id="E-7")
    sub = before.pk
    Person.objects.filter(pk=sub).update(employee_id="E-7 (left)", status="inactive")
    assert lena(**{kept: "E-7"}).pk != sub
    assert not Person._meta.get_field("id").editable


@pytest.fixture
def own(now: datetime) -> CallingTool:
    """A tool that one course has for itself, with a token of that deployment alone."""
    tool = make_tool()
    deployment = deploy_in_course(tool.deployment.registration, context=tool.context, now=now)
    link = make_link(tool.context, deployment)
    return CallingTool(deployment=deployment, context=tool.context, link=link, is_bound=True)


def smuggled(own: CallingTool) -> Context:
    """Another course, into which a link of the tool got past the forms."""
    return make_link(make_context(label="REF-9"), own.deployment).context


@pytest.mark.parametrize(
    ("bound", "service"),
    [
        pytest.param(
            bound, service, id=f"case-081 {service} of another course, {'bound' if bound else 'any'} token"
        )
        for bound in (True, False)
        for service in ("memberships", "lineitems")
    ],
)
def test_a_course_s_own_tool_reads_no_other_course(own: CallingTool, bound: bool, service: str) -> None:
    other, own.is_bound = smuggled(own), bound
    answers = [
        own.get(line_items_url(course.pk).replace("lineitems", service)).status_code
        for course in (own.context, other)
    ]
    assert answers == [200, 404]


def test_a_course_s_own_tool_opens_in_no_other_course(own: CallingTool, now: datetime) -> None:
    person, other = lena(), smuggled(own)
    make_membership(person, other)
    make_membership(person, own.context)
    opening: dict[str, Any] = {"deployment": own.deployment, "message_type": "LtiResourceLinkRequest"}
    with pytest.raises(ToolNotOfCourse):
        start(person=person, session_key="s", now=now, resource_link=other.resource_links.get(), **opening)
    assert start(person=person, session_key="s", now=now, resource_link=own.link, **opening)
