"""What a refusal means: to the person who wanted to learn, and to the administrator who has to settle it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

THEIRS = _("theirs")
OURS = _("ours")

# For the learner: one sentence each, by rule; anything else is the first.
UNREADABLE = _("We could not tell who asked us, or where to answer. Nothing was started.")
LEARNER: dict[str, str | Promise] = {
    "redirect_uri_not_registered": _(
        "The address it asked us to answer is not one it registered. Nothing was started."
    ),
    "tool_not_enabled": _("It is switched off at the moment. Nothing was started."),
    "tool_not_of_course": _("It is not available in this course. Nothing was started."),
    "not_a_member": _("You do not have a place in this course today. Nothing was started."),
    "link_removed": _("It was taken out of this course. Nothing was started."),
    "link_not_open_yet": _("It is not open yet. It opens %(at)s. Nothing was started."),
    "link_closed": _("It is closed since %(at)s. Nothing was started. Ask who leads your course."),
    "link_missing": _("It was not placed in this course. Nothing was started."),
    "link_unwanted": _("It was asked in the wrong way. Nothing was started."),
    "message_not_declared": _("It offers no such page. Nothing was started."),
    "for_user_missing": _("It was not said whose work it is. Nothing was started."),
    "may_not_try": _("Only who manages tools may try it. Nothing was started."),
    "link_of_another_tool": _("It was not placed in this course. Nothing was started."),
}


@dataclass(frozen=True)
class CheckWords:
    """One check, for Ada: what failed, whose side, the rule behind it, what they do, what you do."""

    failed: str | Promise
    side: str | Promise
    why: str | Promise
    they: str | Promise
    you: str | Promise


_THEY_FOLLOW = _("Send the vendor this page. Their tool has to send what the rule asks for.")
_YOU_CANNOT = _("Nothing here can be set to allow it: every tool has to keep this rule.")
_ASK_AGAIN = _("Nothing, unless it happens again. A person starts the launch again from our page.")
_FLOW_WHY = _("LTI launches use one fixed flow (LTI Security Framework, 5.1.1.2).")


def _flow(failed: str | Promise) -> CheckWords:
    return CheckWords(failed=failed, side=THEIRS, why=_FLOW_WHY, they=_THEY_FOLLOW, you=_YOU_CANNOT)


CHECKS: dict[str, CheckWords] = {
    "parameters": CheckWords(
        failed=_("the request could not be read, or said something twice"),
        side=THEIRS,
        why=_("A parameter is sent once (RFC 6749, 3.1)."),
        they=_THEY_FOLLOW,
        you=_YOU_CANNOT,
    ),
    "client": CheckWords(
        failed=_("the tool named a client that is not registered"),
        side=THEIRS,
        why=_("We answer only tools that we know by their client id (RFC 6749, 4.1.2.1)."),
        they=_("They set the client id of our registration, as its sheet gives it."),
        you=_("Compare the client id in their settings with the registration here."),
    ),
    "redirect_uri": CheckWords(
        failed=_("the redirect address is not registered"),
        side=THEIRS,
        why=_(
            "The two must match character by character (OpenID Connect Core, 3.1.2.1). A last slash counts."
        ),
        they=_("Send the vendor this page. They ask for an address that is registered."),
        you=_(
            "Register the address, only if the vendor confirms that it is theirs. "
            "The change is recorded under your name."
        ),
    ),
    "scope": _flow(_("the scope is not openid")),
    "response_type": _flow(_("the response type is not id_token")),
    "response_mode": _flow(_("the response mode is not form_post")),
    "prompt": _flow(_("the prompt is not none")),
    "nonce": _flow(_("the nonce is missing or too long")),
    "state": _flow(_("the state is too long")),
    "hint": CheckWords(
        failed=_("the hint we sent did not come back, came too late, or came twice"),
        side=THEIRS,
        why=_("A hint is good once, for five minutes, for the tool it was sent to (LTI Core, 4.1.1)."),
        they=_(
            "The tool returns login_hint and lti_message_hint unchanged, and does not send a request twice."
        ),
        you=_("Ask the person to start again from our page, in one window, without going back."),
    ),
    "session": CheckWords(
        failed=_("the browser that came back was not signed in as the person who started"),
        side=OURS,
        why=_("A launch ends in the session that began it (LTI Security Framework, 5.1.1.3)."),
        they=_ASK_AGAIN,
        you=_(
            "Ask the person to sign in and start again. If they were signed in, ask which browser they use."
        ),
    ),
    "tool": CheckWords(
        failed=_("the tool was switched off in the meantime"),
        side=OURS,
        why=_("A tool that is switched off, or not deployed for this course, gets no token."),
        they=_("Nothing. The tool did what it should."),
        you=_("Switch the tool on again, if it should be."),
    ),
    "access": CheckWords(
        failed=_("the person no longer has access"),
        side=OURS,
        why=_("The place in the course and the contract are looked at again before each token."),
        they=_("Nothing. The tool did what it should."),
        you=_("Look at the person’s place in the course and their contract dates."),
    ),
    "contributions": CheckWords(
        failed=_("the rules of the exam did not allow it"),
        side=OURS,
        why=_("What the launch is about has rules of its own, such as the state of an attempt."),
        they=_("Nothing. The tool did what it should."),
        you=_("Open the exam or the attempt that the launch is about."),
    ),
}
UNKNOWN_CHECK = CHECKS["parameters"]
UNANSWERED = CheckWords(
    failed=_("the browser did not come back from their login page"),
    side=THEIRS,
    why=_("A tool answers a login by sending the browser back to us (LTI Security Framework, 5.1.1.2)."),
    they=_("Their login page sends the browser on to our authorization address, which the sheet gives them."),
    you=_(
        "Compare the login address with the vendor’s, and run the check-up: it asks that page. "
        "If the person closed the window, nothing is wrong."
    ),
)


def for_learner(rule: str) -> str | Promise:
    """Why the tool could not open, for the person who wanted it."""
    return LEARNER.get(rule, UNREADABLE)


def for_admin(check: str) -> CheckWords:
    """What a failed check means, for the administrator."""
    return CHECKS.get(check, UNKNOWN_CHECK)
