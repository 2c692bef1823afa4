"""What the desk calls things: incidents, rules, outcomes and what follows from them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from proctoring.identity import Comparison
from proctoring.models import Attempt, Incident, Verdict

Words = str | Promise
Outcome = Verdict.Outcome

CHECKS: dict[str, Words] = {
    "connection_lost": _("Connection lost"),
    "evidence_after_verdict": _("Part of the recording came after the verdict"),
    "evidence_quarantined": _("A recording was not what the tool declared"),
    "flags_too_many": _("The tool told as much as one session keeps; any more is refused"),
    "identity_differs": _("The verified name is not the one we have"),
    "identity_picture_ours": _("The picture is one of ours, not one taken at check-in"),
    "identity_unverified": _("The tool confirmed nobody’s identity"),
    "proctoring_ended_early": _("Recording ended before the exam"),
    "proctoring_no_word": _("The proctoring tool told nothing of the exam"),
    "proctoring_silent": _("The proctoring tool fell silent"),
    "recording_incomplete": _("Part of the recording never came"),
    "score_after_end": _("A score came after the end"),
    "score_before_start": _("A score came before the start"),
    "score_missing": _("No score came"),
    "score_while_interrupted": _("A score came while the exam was interrupted"),
    "score_unmatched": _("A score that could belong to another attempt"),
}
ACTIONS: dict[str, Words] = {
    "flag": _("Flagged"),
    "pause": _("Exam paused"),
    "resume": _("Exam resumed"),
    "terminate": _("Exam ended by the proctoring tool"),
    "update": _("Exam changed"),
}
REFUSALS: dict[str, Words] = {
    "desk_case_taken": _("Another reviewer has this case. Nothing was changed."),
    "desk_case_not_taken": _("Start reviewing first: only the reviewer who has the case decides."),
    "review_reason_missing": _("Say why: a reason is needed here. Nothing was changed."),
    "review_outcome_unknown": _("Choose one of the verdicts. Nothing was signed."),
    "review_case_not_open": _(
        "This case is settled and can no longer be decided that way. Nothing was changed."
    ),
    "review_incident_unknown": _("There is no such incident in this case. Nothing was changed."),
    "illegal_move": _("The attempt is settled and can no longer be changed that way. Nothing was changed."),
    "reason_required": _("Say why you watch: choose a reason."),
}
REFUSED_OTHERWISE = _("A rule does not allow this. Nothing was changed.")
EFFECTS: dict[str, Words] = {
    Outcome.CLEAR: _("A pass becomes final, and its certificate is issued."),
    Outcome.CLEAR_WITH_NOTES: _(
        "A pass becomes final, and its certificate is issued. Your note stays in the file."
    ),
    Outcome.TECHNICAL_RETAKE: _(
        "The result is void. The attempt does not count, and the candidate may start again."
    ),
}
REJECTED = _(
    "The result is void, the attempt counts, and no certificate is issued. One issued before is revoked."
)
NEXT: dict[str, Words] = {
    Outcome.CLEAR: _(
        "Signed. The result is released when score and recording are final, usually within a minute."
    ),
    Outcome.CLEAR_WITH_NOTES: _(
        "Signed. The result is released when score and recording are final, usually within a minute."
    ),
    Outcome.TECHNICAL_RETAKE: _(
        "Signed. The result is void and the candidate may start again; they are told so."
    ),
}
NEXT_REJECTED = _("Signed. The result is void, no certificate is issued, and the candidate is told so.")
STATES: dict[str, tuple[str, Words]] = {
    Attempt.State.RELEASED: ("proven", _("Released")),
    Attempt.State.INVALIDATED: ("ended", _("Rejected")),
    Attempt.State.VOIDED: ("ended", _("Void")),
}
KINDS: dict[str, str] = {
    Outcome.CLEAR: "proven",
    Outcome.CLEAR_WITH_NOTES: "proven",
    Outcome.TECHNICAL_RETAKE: "ended",
}
STREAMS: dict[str, Words] = {
    "camera": _("Camera"),
    "screen": _("Screen"),
    "audio": _("Sound"),
    "room": _("Room"),
}


def title_of(incident: Incident) -> Words:
    """What happened: the tool's own words, or those of our check."""
    if incident.source == Incident.Source.PLATFORM:
        return CHECKS.get(incident.reason_code) or incident.reason_code.replace("_", " ").capitalize()
    said = incident.reason_message or incident.reason_code.replace("_", " ").replace("-", " ").capitalize()
    return said or ACTIONS.get(incident.action, incident.action)


NEVER_CHECKED_IN = ("open", _("Check-in was not finished"))


def identity_of(found: Comparison) -> tuple[str, Words]:
    """What came of comparing the verified identity: the kind of its status, and the words."""
    if found.is_our_picture and found.differing:
        return "act", _("The names differ, and the picture is one of ours")
    if found.is_our_picture:
        return "act", _("The picture is one of ours")
    if found.differing:
        return "act", _("The names differ")
    if found.compared:
        return "proven", _("The names agree")
    return "open", _("Nothing was compared")


def effect_of(outcome: str) -> Words:
    """What follows from a verdict, before it is signed."""
    return EFFECTS.get(outcome, REJECTED)


def next_of(outcome: str) -> Words:
    """What happens next, once it is signed."""
    return NEXT.get(outcome, NEXT_REJECTED)


def kind_of(outcome: str) -> str:
    """The kind of status of a verdict."""
    return KINDS.get(outcome, "act")


def stream_of(name: str) -> Words:
    """What people call a stream."""
    return STREAMS.get(name, name.replace("_", " ").replace("-", " ").capitalize())


def refusal(code: str) -> Words:
    """A rule that stopped something, in words for the reviewer."""
    return REFUSALS.get(code, REFUSED_OTHERWISE)
