"""An exam's questions, or its proctoring, are picked in the tool: its link becomes the picked item."""

from datetime import datetime

from django.db.models import Q

from lti_platform.courses.models import ResourceLink
from lti_platform.launches.deep_linking.asking import subject_for
from lti_platform.launches.vocabulary import DEEP_LINKING_REQUEST
from proctoring import exams
from proctoring.errors import ExamUnderWay
from proctoring.models import Exam
from proctoring.tool_launches import CUSTOM_PARAMETERS
from proctoring.transitions import OPEN

ASSESSMENT, PROCTORING = "assessment", "proctoring"


def link_of(exam: Exam, *, tool: str) -> ResourceLink:
    """The exam's link to its "assessment" or "proctoring" tool."""
    return exam.assessment_link if tool == ASSESSMENT else exam.proctoring_link


def can_pick(exam: Exam, *, tool: str) -> bool:
    """Whether the tool takes deep linking requests."""
    return link_of(exam, tool=tool).deployment.registration.supports(DEEP_LINKING_REQUEST)


def subject_of(exam: Exam, *, tool: str) -> str:
    """What a launch is about that picks for this exam; the questions bring a line item, the proctoring none.

    Raises ExamUnderWay.
    """
    require_nobody_in(exam)
    return subject_for(link_of(exam, tool=tool), scored=tool == ASSESSMENT)


def require_nobody_in(exam: Exam) -> None:
    """Nothing changes under a person who is taking the exam. Raises ExamUnderWay."""
    if exam.attempts.filter(state__in=OPEN).exists():
        raise ExamUnderWay


def hear_picked(link: ResourceLink, *, now: datetime) -> None:
    """The link leads somewhere else in its tool: a new version of its exam, if it is one's. Raises ExamUnderWay."""
    exam = Exam.objects.filter(Q(assessment_link=link) | Q(proctoring_link=link)).first()
    if exam is not None:
        require_nobody_in(exam)
        _tell_again(link, exam=exam)
        exams.change(exam, now=now)


def _tell_again(link: ResourceLink, *, exam: Exam) -> None:
    """A picked item brings parameters of its own; a tool that knows only links still needs ours beside them."""
    if exam.kind != Exam.Kind.TWO_TOOLS and link.pk == exam.proctoring_link_id:
        link.custom_parameters = {**link.custom_parameters, **CUSTOM_PARAMETERS}
        link.save(update_fields=["custom_parameters"])
