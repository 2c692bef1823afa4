"""Exams are made in a course with two tools, and their rules are changed for attempts to come."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from gradebook.line_items import create_coupled
from lti_platform.courses.models import Context
from lti_platform.courses.placing import place_link
from lti_platform.journal.recording import record
from lti_platform.tools.models import Deployment
from proctoring.facts import ExamChanged
from proctoring.models import Exam
from proctoring.tool_launches import CUSTOM_PARAMETERS

SCORE_MAXIMUM = Decimal(100)


@transaction.atomic
def create(
    context: Context,
    *,
    assessment: Deployment,
    proctoring: Deployment | None = None,
    now: datetime,
    **rules: Any,
) -> Exam:
    """A new exam: a link for each tool, and a line item whose results are held until released.

    `proctoring` None: one tool asks the questions and proctors. `rules` are fields of the exam: kind, title, minutes,
    pass_mark_percent and so on.
    """
    title, is_plain = rules["title"], rules.get("kind", Exam.Kind.TWO_TOOLS) != Exam.Kind.TWO_TOOLS
    told = {"custom_parameters": CUSTOM_PARAMETERS} if is_plain else {}
    link = place_link(context, assessment, title=title, now=now, **({} if proctoring else told))
    beside = place_link(context, proctoring, title=title, now=now, **told) if proctoring else link
    exam = Exam.objects.create(
        context=context,
        assessment_link=link,
        proctoring_link=beside,
        line_item=create_coupled(link, label=title, score_maximum=SCORE_MAXIMUM, holds_results=True),
        **rules,
    )
    _record(exam, now=now)
    return exam


@transaction.atomic
def change(exam: Exam, *, now: datetime, **rules: Any) -> Exam:
    """Changes the rules for attempts that begin from now on; those under way keep the ones they began with."""
    exam = Exam.objects.select_for_update(of=("self",)).select_related("context").get(pk=exam.pk)
    for name, value in rules.items():
        setattr(exam, name, value)
    exam.version += 1
    exam.save()
    _record(exam, now=now)
    return exam


def _record(exam: Exam, *, now: datetime) -> None:
    fact = ExamChanged(exam_id=exam.pk, exam_version=exam.version)
    record(fact, now=now, subject=f"exam:{exam.pk}", organization_id=exam.context.organization_id)
