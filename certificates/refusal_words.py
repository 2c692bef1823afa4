"""What a rule refused, in words for who keeps the record; a rule that only a vendor reads keeps its code."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from certificates.fact_words import fact_words
from lti_platform.journal.models import Entry
from lti_platform.journal.recording import Refused
from proctoring.door import refusals

WORDS: dict[str, str | Promise] = {
    "permission_missing": _("A page was refused: the role does not include it."),
    "sign_in_failed": _("A sign-in failed: e-mail and password did not fit."),
    "person_out_of_standing": _("A sign-in was refused: the account is inactive, or outside its contract."),
    "roles_out_of_reach": _("A change to a person was refused: it is beyond the role’s reach."),
    "review_own_session": _("A reviewer was kept from their own session."),
    "submission_not_visible": _("A submission was not shown: it is not for this person."),
    "nothing_to_review": _("A submission was not shown: its tool shows none in this state."),
    "tool_not_enabled": _("A tool was not opened: it is switched off."),
    "tool_not_of_course": _("A tool was not opened: it is not available in the course."),
    "not_a_member": _("Something of a course was not opened: the person has no place in it."),
    "link_removed": _("A tool was not opened: it was taken out of the course."),
    "link_not_open_yet": _("A tool was not opened: its hours had not begun."),
    "link_closed": _("A tool was not opened: its hours were over."),
    "redirect_uri_not_registered": _(
        "A tool was not answered: the address it named is not one it registered."
    ),
    "exam_unpublished": _("An exam was not begun: it is not published."),
    "exam_not_open_yet": _("An exam was not begun: it was not open yet."),
    "exam_closed": _("An exam was not begun: it had closed."),
    "not_in_standing": _("An exam was not begun: the account is inactive, or outside its contract."),
    "attempts_used_up": _("An exam was not begun: all attempts are used."),
    "wait_not_over": _("An exam was not begun: the wait between attempts was not over."),
    "result_awaited": _("An exam was not begun: the last attempt has no final result yet."),
    "already_passed": _("An exam was not begun: the person has passed it."),
    "start_nobody_signed_in": _("An exam was not started: nobody was signed in."),
    "start_session_data_expired": _("An exam was not started: check-in took too long."),
    "start_session_data_used": _("An exam was not started: the check-in was used before."),
    "start_other_person": _("An exam was not started: the check-in belongs to another person."),
    "start_other_browser": _("An exam was not started: check-in was in another browser."),
    "start_tool_not_opened": _("An exam was not started: the proctoring window was not open yet."),
    "start_attempt_over": _("An exam was not started: the attempt was over."),
    "evidence.address_refused": _("A recording’s address was refused: it was over, or was none of ours."),
}


def refusal_words(entry: Entry) -> str:
    """What the entry says was refused; empty where it is about something else, or its rule has no words."""
    if entry.fact_type != Refused.fact_type:
        return ""
    rule = str(entry.payload.get("rule", ""))
    if rule in refusals.WORDS:
        return f"{fact_words(entry.fact_type)}. {refusals.WORDS[rule][1]}"
    return str(WORDS.get(rule, ""))
