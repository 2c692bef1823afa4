"""A course's details, and who mentors whom in it, change."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from lti_platform.courses.facts import CourseChanged, MentorChanged
from lti_platform.courses.models import Context, Mentorship
from lti_platform.journal.recording import record
from lti_platform.people.models import Person


@transaction.atomic
def change_course(course: Context, *, now: datetime, **details: Any) -> Context:
    """The course under other words; its id stays. `details` are fields of the course."""
    for name, value in details.items():
        setattr(course, name, value)
    course.save(update_fields=list(details))
    fact = CourseChanged(context_id=course.pk)
    record(fact, now=now, subject=f"context:{course.pk}", organization_id=course.organization_id)
    return course


@transaction.atomic
def set_mentored(mentor: Person, course: Context, *, learners: Collection[Person], now: datetime) -> None:
    """The mentor has these learners in this course from now on, and no others."""
    rows = Mentorship.objects.filter(context=course, mentor=mentor)
    before = {row.learner_id for row in rows}
    wanted = {learner.pk for learner in learners} - {mentor.pk}
    rows.exclude(learner_id__in=wanted).delete()
    Mentorship.objects.bulk_create(
        Mentorship(context=course, mentor=mentor, learner_id=each) for each in wanted - before
    )
    for learner_id in before ^ wanted:
        fact = MentorChanged(
            context_id=course.pk,
            mentor_id=mentor.pk,
            learner_id=learner_id,
            is_mentor=learner_id in wanted,
        )
        record(fact, now=now, subject=f"context:{course.pk}", organization_id=course.organization_id)
