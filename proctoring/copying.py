"""Exams go along with a copied course, as drafts: their rules without their dates, until somebody publishes them."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from lti_platform.courses.copying import CourseCopy, on_course_copied
from lti_platform.courses.models import ResourceLink
from lti_platform.journal.recording import record
from proctoring.facts import ExamChanged
from proctoring.models import Exam

RULES = (
    *("kind", "started_by", "title", "title_es", "pass_mark_percent", "questions", "attempts_allowed"),
    *("wait_minutes", "minutes", "review_policy", "retention_class", "identity_policy"),
    *("proctoring_settings", "vendor_settings"),
)


@on_course_copied
def copy_exams(copied: CourseCopy, /, *, now: datetime) -> list[Exam]:
    """A draft of each exam whose links were all copied; the single link of another is taken away again.

    A copy of an exam's link without its exam would open the questions to anybody, unwatched.
    """
    exams = Exam.objects.filter(
        Q(assessment_link__in=copied.links) | Q(proctoring_link__in=copied.links), context=copied.origin
    )
    made: list[Exam] = []
    for exam in exams.order_by("created_at", "id"):
        if copied.links.keys() >= links_of(exam):
            made.append(_copy(exam, copied=copied, now=now))
        else:
            alone = [copied.links[each].pk for each in links_of(exam) & copied.links.keys()]
            ResourceLink.objects.filter(pk__in=alone).update(removed_at=now)
    return made


def links_of(exam: Exam) -> set[UUID]:
    """The ids of its one or two links."""
    return {exam.assessment_link_id, exam.proctoring_link_id}


def _copy(exam: Exam, *, copied: CourseCopy, now: datetime) -> Exam:
    link, watching = copied.links[exam.assessment_link_id], copied.links[exam.proctoring_link_id]
    draft = Exam.objects.create(
        context=copied.course,
        assessment_link=link,
        proctoring_link=watching,
        line_item=link.line_items.filter(is_coupled=True, holds_results=True).earliest("created_at"),
        is_published=False,
        **{name: getattr(exam, name) for name in RULES},
    )
    fact = ExamChanged(exam_id=draft.pk, exam_version=draft.version)
    record(fact, now=now, subject=f"exam:{draft.pk}", organization_id=copied.course.organization_id)
    return draft
