"""A copied course: new links that know where they come from, line items that keep their tags, exams as drafts."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from gradebook.models import LineItem
from lti_platform.courses.copying import copy_course
from lti_platform.courses.deploying import deploy_in_course
from lti_platform.courses.models import Context
from lti_platform.journal.models import Entry
from lti_platform.launches.variables import variables
from proctoring.models import Exam
from tests.calling import make_tool
from tests.factories import lena, make_context, make_exam, make_line_item, make_link, make_membership
from tests.launching import make_launch

pytestmark = pytest.mark.django_db


def copy_of(course: Context, *, now: datetime) -> Context:
    return copy_course(course, label="REF-2", title="Refrigerant handling, autumn", now=now).course


def test_people_dates_and_removed_links_stay_behind(now: datetime) -> None:
    course = make_context(sourced_id="SIS-1", starts_on=now.date())
    make_membership(lena(), course)
    make_link(course, removed_at=now)
    standing = make_link(course, available_from=now, description="Bring gloves", width=800)
    copied = copy_of(course, now=now)
    link = copied.resource_links.get()
    assert not copied.memberships.exists()
    assert (copied.sourced_id, copied.starts_on) == ("", None)
    assert (link.title, link.description, link.width) == (standing.title, "Bring gloves", 800)
    assert link.available_from is None


def test_a_line_item_keeps_all_but_its_link(now: datetime) -> None:
    review = {"reviewableStatus": ["Submitted"]}
    kept: dict[str, Any] = {
        "start_at": now,
        "end_at": now + timedelta(days=9),
        "submission_review": review,
        "tag": "t",
    }
    item = make_line_item(grades_released=False, **kept)
    copied = copy_of(item.context, now=now)
    twin = LineItem.objects.get(context=copied)
    assert {name: getattr(twin, name) for name in kept} == kept
    assert (twin.grades_released, twin.is_coupled) == (False, True)
    assert twin.resource_link_id == copied.resource_links.get().pk


def test_a_line_item_without_a_link_goes_where_its_tool_goes(now: datetime) -> None:
    course = make_context()
    link = make_link(course)
    stays = deploy_in_course(link.deployment.registration, context=course, now=now)
    make_line_item(link, resource_link=None, is_coupled=False, tag="everybody's")
    make_line_item(link, resource_link=None, is_coupled=False, deployment=stays, tag="the course's own")
    twin = LineItem.objects.get(context=copy_of(course, now=now))
    assert (twin.tag, twin.resource_link_id, twin.deployment_id) == ("everybody's", None, link.deployment_id)


def test_a_course_s_own_tool_stays_with_it(now: datetime) -> None:
    course = make_context()
    everybodys = make_link(course)
    make_link(course, deploy_in_course(everybodys.deployment.registration, context=course, now=now))
    assert copy_of(course, now=now).resource_links.get().copied_from == everybodys


def test_an_exam_is_copied_as_a_draft_without_its_dates(now: datetime) -> None:
    exam = make_exam(minutes=45, opens_at=now, closes_at=now + timedelta(days=1))
    draft = Exam.objects.get(context=copy_of(exam.context, now=now))
    assert (draft.minutes, draft.opens_at, draft.closes_at, draft.is_published) == (45, None, None, False)
    assert draft.assessment_link.copied_from == exam.assessment_link
    assert draft.proctoring_link.copied_from == exam.proctoring_link
    assert draft.line_item.resource_link == draft.assessment_link
    assert draft.line_item.holds_results


def test_no_exam_s_questions_are_left_without_their_exam(now: datetime) -> None:
    course = make_context()
    own = deploy_in_course(make_link().deployment.registration, context=course, now=now)
    make_exam(course, proctoring=own)
    copied = copy_of(course, now=now)
    assert not Exam.objects.filter(context=copied).exists()
    assert not copied.resource_links.filter(removed_at=None).exists()


def test_a_copy_of_a_copy_names_both_latest_first(now: datetime) -> None:
    tool = make_tool()
    second = copy_of(tool.context, now=now)
    third = copy_of(second, now=now)
    link = third.resource_links.get()
    assert link.copied_from is not None
    launch = make_launch(tool, now=now, context=third, resource_link=link)
    known = variables(launch, roles=(), wanted=())
    assert known["Context.id.history"] == f"{second.pk},{tool.context.pk}"
    assert known["ResourceLink.id.history"] == f"{link.copied_from_id},{tool.link.pk}"


def test_the_copying_is_a_fact(now: datetime) -> None:
    course = make_context()
    copied = copy_of(course, now=now)
    entry = Entry.objects.get(fact_type="courses.copied")
    assert entry.payload["origin_ids"] == str(course.pk)
    assert entry.payload["context_id"] == str(copied.pk)


def test_items_without_a_copied_link_stay_behind(now: datetime) -> None:
    link = make_link()
    make_line_item(link, deleted_at=now)
    make_line_item(make_link(link.context, removed_at=now))
    copied = copy_of(link.context, now=now)
    assert not LineItem.objects.filter(context=copied).exists()
