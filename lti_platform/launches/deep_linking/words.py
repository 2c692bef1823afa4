"""What is said about answers of tools: to the person who asked for content, in whole sentences."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

RULES: dict[str, Words] = {
    "missing": _("is missing"),
    "not_an_object": _("must be an object"),
    "not_text": _("must be plain text"),
    "too_long": _("is too long"),
    "not_a_number": _("must be a number above 0"),
    "not_true_or_false": _("must be true or false"),
    "not_a_list": _("must be a list of texts"),
    "not_an_address": _("must be a full web address"),
    "not_https": _("must begin with https://"),
    "not_public": _("leads to a network that is not public"),
    "outside_domain": _("lies outside the tool’s domains"),
    "not_accepted": _("is not what was asked for"),
    "nothing_left": _("holds nothing that may be shown"),
    "not_a_time": _("must be a time with its zone (ISO 8601)"),
    "time_passed": _("has passed"),
    "before_start": _("is before its beginning"),
    "too_many": _("has too many entries"),
    "too_many_files": _("is one file too many: send at most ten at once"),
    "too_large": _("leads to a file larger than 10 MB"),
    "not_fetched": _("leads to a file that we could not fetch"),
    "of_another_kind": _("leads to a file of a media type that was not asked for"),
}

REFUSED: dict[str, Words] = {
    "deep_linking_token_missing": _("The tool sent no answer."),
    "deep_linking_nobody_signed_in": _("You are not signed in here any more. Sign in and pick again."),
    "deep_linking_data_missing": _("The tool did not give back what we sent with the question (data)."),
    "deep_linking_data_unknown": _("The tool gave back something other than what we sent (data)."),
    "deep_linking_data_used": _("This answer was taken before. What was picked then is kept."),
    "jwt_replayed": _("This answer was taken before. What was picked then is kept."),
    "deep_linking_data_expired": _("It took more than two hours. Pick again."),
    "deep_linking_data_of_another_tool": _("Another tool answered than the one that was asked."),
    "deep_linking_data_of_another_person": _("Another person asked for this content."),
    "deep_linking_data_of_another_browser": _("You asked in another session. Pick again in this one."),
    "deep_linking_not_declared": _("This tool is no longer registered for picking content."),
    "deep_linking_rights_lost": _("You may no longer change this course."),
    "deep_linking_items_malformed": _("The tool’s list of items cannot be read."),
    "deep_linking_several_items": _("One item was asked for, and the tool sent several. Pick one."),
    "deep_linking_items_refused": _("Some items break a rule, so none was taken."),
    "exam_under_way": _("Somebody is taking this exam now. Pick again when nobody is."),
}
REFUSED_OTHERWISE = _("The tool’s answer did not pass our checks. Its vendor needs the rule below.")


def refused(code: str) -> Words:
    """Why nothing was taken."""
    return REFUSED.get(code, REFUSED_OTHERWISE)
