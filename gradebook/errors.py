"""What can be wrong with a line item, a score or a result.

GradebookError
├── Malformed               a value that the specification does not allow
├── LineItemUnknown         none such for this tool, or no longer
├── LineItemCoupled         the platform owns its life
├── LinkUnknown             the resource link is not there, or not the tool's
├── PersonNotGradable       not an active learner of the course
├── ScoreFromTheFuture      it would block every later score
├── ScoreOutdated           a newer one has been received
├── ScoreConflicts          same time, other content
├── ResultUnknown
├── ResultNotHeld           only a held result can be settled
├── ResultNotReleased       only a released result can be withdrawn
├── ResultHeld              its points are decided by a review
├── SubmissionNotVisible    the viewer may not see this submission
├── NothingToReview         the tool shows no submission in this state
└── BindingTaken            the result, or the attempt, is bound already
"""


class GradebookError(Exception):
    """Base of this package. `code` is stable; the message may be shown to the tool's developer."""

    code = "gradebook"


class Malformed(GradebookError):
    """`field` is the member's name on the wire."""

    code = "malformed"

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(f"{field} {rule}")
        self.field = field


class LineItemUnknown(GradebookError):
    code = "line_item_unknown"


class LineItemCoupled(GradebookError):
    code = "line_item_coupled"


class LinkUnknown(GradebookError):
    code = "resource_link_unknown"


class PersonNotGradable(GradebookError):
    code = "person_not_gradable"


class ScoreFromTheFuture(GradebookError):
    code = "score_from_the_future"


class ScoreOutdated(GradebookError):
    code = "score_outdated"


class ScoreConflicts(GradebookError):
    code = "score_conflicts"


class ResultUnknown(GradebookError):
    code = "result_unknown"


class ResultNotHeld(GradebookError):
    code = "result_not_held"


class ResultNotReleased(GradebookError):
    code = "result_not_released"


class ResultHeld(GradebookError):
    code = "result_held"


class BindingTaken(GradebookError):
    code = "binding_taken"


class SubmissionNotVisible(GradebookError):
    code = "submission_not_visible"


class NothingToReview(GradebookError):
    code = "nothing_to_review"
