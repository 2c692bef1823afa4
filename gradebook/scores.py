"""What a tool says in a score, and what a result becomes by it: decided from values alone, no database."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

ACTIVITY_PROGRESS = ("Initialized", "Started", "InProgress", "Submitted", "Completed")
GRADING_PROGRESS = ("FullyGraded", "Pending", "PendingManual", "Failed", "NotReady")
UNDER_WAY = frozenset({"Started", "InProgress"})
HANDED_IN = frozenset({"Submitted", "Completed"})


@dataclass(frozen=True, kw_only=True)
class ScoreSubmission:
    """A score as a tool sent it (AGS 3.4), parsed. `score_given` None clears; zero is a score.

    `user_id` is kept as said: whether it names anybody is for scoring to find out.
    """

    user_id: str
    timestamp: datetime
    activity_progress: str
    grading_progress: str
    score_given: Decimal | None = None
    score_maximum: Decimal | None = None
    comment: str = ""
    scoring_user_id: str = ""
    started_at: datetime | None = None
    submitted_at: datetime | None = None

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of what it says: equal for an exact retry, however it was spelt."""
        said = {name: _canonical(value) for name, value in asdict(self).items()}
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

    @property
    def person_id(self) -> UUID | None:
        """The person's id, or None when `user_id` cannot be one of ours."""
        try:
            person_id = UUID(self.user_id)
        except ValueError:
            return None
        return person_id if str(person_id) == self.user_id else None


def submission_times(
    submission: ScoreSubmission, *, started_at: datetime | None, submitted_at: datetime | None
) -> Mapping[str, datetime | None]:
    """`started_at` and `submitted_at` of the result after this score, given what they were (AGS 3.4.10)."""
    if submission.activity_progress == "Initialized":
        return {"started_at": None, "submitted_at": None}
    under_way = submission.activity_progress in UNDER_WAY
    first_seen = submission.timestamp if under_way else None
    started = submission.started_at or started_at or first_seen
    if under_way:  # what was handed in before is taken back, unless the score itself says when that was
        return {"started_at": started, "submitted_at": submission.submitted_at}
    return {
        "started_at": started,
        "submitted_at": submission.submitted_at or submitted_at or submission.timestamp,
    }


def _canonical(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Decimal):
        return str(value.normalize())
    return value
