"""What exams, attempts, proctoring messages and reviews refuse.

ProctoringError
├── AttemptUnknown            no such attempt, or not this person's
├── IllegalMove               the transition table has no such move
├── VersionConflict           the attempt changed since it was read
├── NotEligible               the person may not begin (or not yet)
│   ├── ExamUnpublished  ExamNotOpenYet  ExamClosed
│   ├── NotAMember  NotInStanding
│   └── AttemptsUsedUp  WaitNotOver  ResultAwaited  AlreadyPassed
├── StartRefused              an LtiStartAssessment message that starts nothing
│   ├── TokenMissing  NotAProctoringTool  DeploymentDiffers
│   ├── SessionDataUnknown  SessionDataExpired  SessionDataUsed
│   ├── OtherPerson  OtherBrowser
│   ├── AttemptNumberDiffers  ResourceLinkDiffers
│   ├── ToolNotOpened         the learner's own start, before the proctoring tool is open
│   └── AttemptOver           the attempt can no longer run
├── ControlRefused            an Assessment Control message that is stored nowhere
│   ├── ControlMalformed  ControlTargetUnknown
│   ├── FlagDiffers           a flag by a key that another flag has
│   └── TooManyFlags          the session has as many as are kept
├── ScoreMissing              nothing to release yet
├── ExamUnderWay              somebody is taking the exam that should change
└── ReviewRefused             a decision or verdict that breaks a rule of reviewing
    ├── ReasonMissing  OwnSession  OutcomeUnknown
    └── CaseNotOpen  IncidentUnknown  IncidentsUndecided
"""

from datetime import datetime
from uuid import UUID


class ProctoringError(Exception):
    """Base of this package. `code` is stable; the message is for logs, never for a page."""

    code = "proctoring"


class AttemptUnknown(ProctoringError):
    code = "attempt_unknown"


class IllegalMove(ProctoringError):
    """`event` is not possible in `state`."""

    code = "illegal_move"

    def __init__(self, *, event: str, state: str) -> None:
        super().__init__(f"{event} is not possible while {state}")
        self.event = event
        self.state = state


class ExamUnderWay(ProctoringError):
    code = "exam_under_way"


class VersionConflict(ProctoringError):
    code = "version_conflict"


class NotEligible(ProctoringError):
    code = "not_eligible"


class ExamUnpublished(NotEligible):
    code = "exam_unpublished"


class ExamNotOpenYet(NotEligible):
    """`opens_at` says from when."""

    code = "exam_not_open_yet"

    def __init__(self, *, opens_at: datetime) -> None:
        super().__init__(f"opens {opens_at.isoformat()}")
        self.opens_at = opens_at


class ExamClosed(NotEligible):
    code = "exam_closed"


class NotAMember(NotEligible):
    code = "not_a_member"


class NotInStanding(NotEligible):
    """Inactive, or outside the dates of the contract."""

    code = "not_in_standing"


class AttemptsUsedUp(NotEligible):
    code = "attempts_used_up"


class WaitNotOver(NotEligible):
    """`until` says when the next attempt may begin."""

    code = "wait_not_over"

    def __init__(self, *, until: datetime) -> None:
        super().__init__(f"until {until.isoformat()}")
        self.until = until


class ResultAwaited(NotEligible):
    """The last attempt has no final result yet."""

    code = "result_awaited"


class AlreadyPassed(NotEligible):
    code = "already_passed"


class StartRefused(ProctoringError):
    code = "start_refused"


class TokenMissing(StartRefused):
    code = "start_token_missing"


class NotAProctoringTool(StartRefused):
    code = "start_not_a_proctoring_tool"


class DeploymentDiffers(StartRefused):
    code = "start_deployment_differs"


class SessionDataUnknown(StartRefused):
    code = "start_session_data_unknown"


class SessionDataExpired(StartRefused):
    code = "start_session_data_expired"


class SessionDataUsed(StartRefused):
    code = "start_session_data_used"


class OtherPerson(StartRefused):
    code = "start_other_person"


class OtherBrowser(StartRefused):
    code = "start_other_browser"


class AttemptNumberDiffers(StartRefused):
    code = "start_attempt_number_differs"


class ResourceLinkDiffers(StartRefused):
    code = "start_resource_link_differs"


class ToolNotOpened(StartRefused):
    """The learner may start here only where the exam says so, and once the proctoring tool is open."""

    code = "start_tool_not_opened"


class AttemptOver(StartRefused):
    """`attempt_id` is the one whose page says how it stands."""

    code = "start_attempt_over"

    def __init__(self, *, attempt_id: UUID, state: str) -> None:
        super().__init__(f"the attempt is {state}")
        self.attempt_id = attempt_id


class ControlRefused(ProctoringError):
    code = "control_refused"


class ControlMalformed(ControlRefused):
    """`field` is the member of the message that breaks a rule."""

    code = "control_malformed"

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(f"{field} {rule}")
        self.field = field


class ControlTargetUnknown(ControlRefused):
    """No such attempt for this tool: whether it exists for another is not told."""

    code = "control_target_unknown"


class FlagDiffers(ControlRefused):
    """The key belongs to another flag of the session."""

    code = "flag_differs"


class TooManyFlags(ControlRefused):
    """What the session's tool told so far is kept; of more nobody could judge any."""

    code = "flags_too_many"


class ScoreMissing(ProctoringError):
    code = "score_missing"


class ReviewRefused(ProctoringError):
    code = "review_refused"


class ReasonMissing(ReviewRefused):
    code = "review_reason_missing"


class OwnSession(ReviewRefused):
    """Nobody judges their own exam."""

    code = "review_own_session"


class OutcomeUnknown(ReviewRefused):
    code = "review_outcome_unknown"


class CaseNotOpen(ReviewRefused):
    code = "review_case_not_open"


class IncidentUnknown(ReviewRefused):
    code = "review_incident_unknown"


class IncidentsUndecided(ReviewRefused):
    """A verdict before every incident was judged; `count` still wait."""

    code = "review_incidents_undecided"

    def __init__(self, *, count: int) -> None:
        super().__init__(f"{count} incidents are undecided")
        self.count = count
