"""What learners are told: each rule and each state in plain words, whole sentences, one place for both languages."""

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from proctoring.models import Attempt, Exam

Words = str | Promise
State = Attempt.State

NOT_ELIGIBLE: dict[str, tuple[Words, Words]] = {
    "exam_unpublished": (_("This exam is not open."), _("Ask your administrator when it will be.")),
    "exam_not_open_yet": (_("This exam is not open yet."), _("You can start from the time shown here.")),
    "exam_closed": (_("This exam has closed."), _("Ask your administrator for another date.")),
    "not_in_standing": (
        _("You may not take exams at the moment."),
        _("Your account is inactive, or today is outside your contract. Ask your administrator."),
    ),
    "not_a_member": (_("You are not in this course."), _("Ask your administrator to enrol you.")),
    "attempts_used_up": (
        _("You have used all your attempts."),
        _("Ask your administrator what you can do next."),
    ),
    "wait_not_over": (
        _("You have to wait before the next attempt."),
        _("You can start again from the time shown here."),
    ),
    "result_awaited": (
        _("Your last attempt has no final result yet."),
        _("You can see how it stands, and start again only if it is needed."),
    ),
    "already_passed": (_("You have passed this exam."), _("There is nothing left to do here.")),
}

START_REFUSED: dict[str, Words] = {
    "start_token_missing": _("The proctoring tool sent no message. Go back to your exam and open it again."),
    "start_session_data_expired": _("Your check-in took too long. Go back to your exam and check in again."),
    "start_session_data_used": _("This check-in was used before. Go back to your exam and check in again."),
    "start_other_person": _(
        "This check-in belongs to another person. Sign in as yourself and check in again."
    ),
    "start_other_browser": _("You checked in in another browser. Check in again in this one."),
    "start_tool_not_opened": _(
        "The proctoring window is not open yet. Go back to your exam and open it first."
    ),
}
START_REFUSED_OTHERWISE = _(
    "The proctoring tool’s message did not fit your exam. Your administrator can find out why."
)


def title_of(exam: Exam) -> str:
    """The exam's title in the language of the page."""
    return exam.title_es if exam.title_es and get_language() == "es" else exam.title


def not_eligible(code: str) -> tuple[Words, Words]:
    """The rule that keeps a person from beginning, and what to do about it."""
    return NOT_ELIGIBLE[code]


def start_refused(code: str) -> Words:
    """Why a start message started nothing, in words for the candidate."""
    return START_REFUSED.get(code, START_REFUSED_OTHERWISE)


EVENTS: dict[str, tuple[str, Words]] = {
    "begin": ("open", _("You began check-in.")),
    "refuse_check_in": ("act", _("The proctoring tool did not let you in.")),
    "retry_check_in": ("open", _("You tried check-in again.")),
    "abandon": ("ended", _("Nothing was heard for hours, so the check-in was closed.")),
    "start": ("proven", _("You started the exam.")),
    "pause": ("waiting", _("The proctor paused the exam.")),
    "resume": ("live", _("The exam went on.")),
    "submit": ("proven", _("You handed in the exam.")),
    "time_out": ("ended", _("The time was up. Your exam was handed in.")),
    "terminate": ("ended", _("The proctor ended the exam.")),
    "interrupt": ("waiting", _("The exam was paused for too long. A person decides what happens next.")),
    "reopen": ("live", _("A person decided that you may continue.")),
    "release": ("proven", _("Your result became final.")),
    "invalidate": ("act", _("A person rejected the attempt after reviewing the recording.")),
    "void": ("ended", _("The attempt was declared void. It does not count.")),
}
BY_REASON: dict[str, tuple[str, Words]] = {
    "connection_lost": ("waiting", _("Your connection dropped. The clock stopped.")),
    "contract_ended": ("ended", _("Your contract ended, so the exam was closed.")),
}
EXTRA_TIME = _("The proctor gave you %(minutes)s more minutes.")


def happened(event: str, *, reason_code: str) -> tuple[str, Words]:
    """The kind and the words of a move, for the learner's own history."""
    return BY_REASON.get(reason_code) or EVENTS[event]


CLOCK_STARTS: dict[bool, Words] = {  # by whether one tool does everything
    False: _("The clock starts only when check-in is done."),
    True: _("The clock starts when the exam’s window is open."),
}

OUTCOMES: dict[str, Words] = {
    "technical_retake": _("There was a technical problem that was not your fault."),
    "violation_minor": _("The reviewer saw something that the rules do not allow."),
    "violation_major": _("The reviewer saw something that the rules do not allow."),
    "identity_mismatch": _("The reviewer could not match you with your photo ID."),
    "unable_to_determine": _("The recording does not show enough to confirm the result."),
}

STANDING: dict[str, tuple[str, Words, Words]] = {
    "checking_in": (
        "waiting",
        _("Finish check-in in the proctoring window."),
        _("The clock starts only when check-in is done. Then your exam appears on this page."),
    ),
    "opening": (
        "waiting",
        _("Your exam opens in its own window."),
        _("The clock starts when it is open. This page then shows it."),
    ),
    "blocked": (
        "act",
        _("The proctoring tool did not let you in."),
        _("The clock has not started and no attempt was used up. You can try again."),
    ),
    "abandoned": (
        "ended",
        _("This check-in was closed."),
        _("No attempt was used up. You can start again."),
    ),
    "running": (
        "live",
        _("Your exam is running."),
        _("Keep the proctoring window open until you have handed in."),
    ),
    "running_elsewhere": (
        "live",
        _("Your exam is running in its own window."),
        _("Answer and hand in there. This page notices by itself."),
    ),
    "paused_connection": (
        "waiting",
        _("Your connection dropped. The clock is paused and nothing is lost."),
        _("Continue here or on another device."),
    ),
    "paused_tool": (
        "waiting",
        _("The proctor has paused your exam. The clock is paused and nothing is lost."),
        _("You can go on when the proctor lets you. You need not do anything."),
    ),
    "interrupted": (
        "waiting",
        _("Your exam was paused for too long."),
        _("Nothing is lost. A person decides what happens next, and you will find the answer here."),
    ),
    "submitted": (
        "waiting",
        _("Your answers are in."),
        _("A person reviews the recording before your result is final, usually within 1 day."),
    ),
    "submitted_unreviewed": (
        "waiting",
        _("Your answers are in."),
        _("Your result is final as soon as the recording has arrived, usually within minutes."),
    ),
    "terminated": (
        "waiting",
        _("The proctor ended your exam."),
        _("What you had answered is kept. A person reviews the recording before anything is final."),
    ),
    "passed": ("proven", _("You passed."), _("Your result is final.")),
    "failed": ("ended", _("You did not pass this time."), _("Your result is final.")),
    "invalidated": ("act", _("This attempt was rejected."), _("The result does not count.")),
    "voided": (
        "ended",
        _("This attempt does not count."),
        _("It was declared void, and no attempt was used up. You can start again."),
    ),
}

STATES: dict[str, Words] = {
    "checking_in": _("Checking in"),
    "opening": _("Opening"),
    "blocked": _("Check-in refused"),
    "abandoned": _("Not started"),
    "running": _("Running"),
    "running_elsewhere": _("Running"),
    "paused_connection": _("Paused"),
    "paused_tool": _("Paused"),
    "interrupted": _("Interrupted"),
    "submitted": _("In review"),
    "submitted_unreviewed": _("Being completed"),
    "terminated": _("In review"),
    "passed": _("Final"),
    "failed": _("Final"),
    "invalidated": _("Rejected"),
    "voided": _("Void"),
}


# Where one tool does everything, what is said differs while the exam is in its window.
IN_ITS_WINDOW = {State.CHECKING_IN: "opening", State.RUNNING: "running_elsewhere"}


def standing_key(attempt: Attempt, *, is_reviewed: bool = True) -> str:
    """The entry of STANDING that an attempt's state comes to."""
    if attempt.exam.kind == Exam.Kind.ONE_TOOL and attempt.state in IN_ITS_WINDOW:
        return IN_ITS_WINDOW[State(attempt.state)]
    if attempt.state == State.PAUSED:
        return "paused_tool" if attempt.held_by_tool else "paused_connection"
    if attempt.state == State.RELEASED:
        return "passed" if attempt.passed else "failed"
    if attempt.state == State.SUBMITTED and not is_reviewed:
        return "submitted_unreviewed"
    return attempt.state
