"""Scores of test launches: shown with the launch, kept in no gradebook."""

from datetime import datetime, timedelta

from gradebook.models import LineItem
from gradebook.scores import ScoreSubmission
from lti_platform.launches.models import Launch, LaunchStep
from lti_platform.launches.steps import SCORE_TRIED
from lti_platform.tools.resource_server import Caller

HEARD_FOR = timedelta(days=1)
MOST_SCORES = 20  # of one launch: a tool that goes on and on fills no table


def hear(item: LineItem, submission: ScoreSubmission, *, tool: Caller, now: datetime) -> bool:
    """Whether the score is of somebody an admin lately pretended to be in the course; then the launch shows it."""
    if submission.person_id is None:
        return False
    launches = Launch.objects.filter(
        pretended_id=submission.person_id,
        registration=tool.registration,
        context_id=item.context_id,
        created_at__gt=now - HEARD_FOR,
        state=Launch.State.SENT,
    )
    launch = launches.order_by("-created_at", "id").first()
    if launch is None:
        return False
    if launch.steps.filter(name=SCORE_TRIED).count() < MOST_SCORES:
        LaunchStep.objects.create(launch=launch, name=SCORE_TRIED, details=told(item, submission), at=now)
    return True


def told(item: LineItem, submission: ScoreSubmission) -> dict[str, str]:
    """What the score says, without its words."""
    given, maximum = submission.score_given, submission.score_maximum
    points = (
        f"{given.normalize():f}/{maximum.normalize():f}" if given is not None and maximum is not None else ""
    )
    return {
        "lineItem": item.label,
        "score": points,
        "activityProgress": submission.activity_progress,
        "gradingProgress": submission.grading_progress,
        "timestamp": submission.timestamp.isoformat(),
    }
