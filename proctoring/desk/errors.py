"""What the desk refuses.

DeskError
├── CaseTaken       another reviewer has the case
└── CaseNotTaken    one decides only what one has taken
"""


class DeskError(Exception):
    """Base of this package. `code` is stable; the message is for logs, never for a page."""

    code = "desk"


class CaseTaken(DeskError):
    code = "desk_case_taken"


class CaseNotTaken(DeskError):
    code = "desk_case_not_taken"
