"""Findings in words: what we saw, whose side it is, and what to do next."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lti_platform.tools.checking.findings import NETWORK, OURS, THEIRS, Finding, State
from lti_platform.tools.checking.refusal_words import WHY_REFUSED, WHY_UNREACHED
from lti_platform.tools.key_troubles import Trouble, in_words
from lti_platform.tools.scopes import LABELS

Words = str | Promise
NAMES: dict[str, Words] = {
    "login": _("Login address"),
    "key_set": _("Key set"),
    "redirects": _("Redirect addresses"),
    "tls": _("Certificate and TLS"),
    "clock": _("Clock"),
    "frame": _("Opens in a frame"),
    "tokens": _("Token requests"),
    "scopes": _("What it may do"),
    "ours": _("Our side"),
}
RESULTS: dict[str, tuple[str, Words]] = {
    State.FINE: ("proven", _("Fine")),
    State.UNCLEAR: ("unknown", _("Could not tell")),
    State.ATTENTION: ("waiting", _("Needs attention")),
    State.BROKEN: ("act", _("Broken")),
}
SIDES: dict[str, Words] = {
    OURS: _("Ours"),
    THEIRS: _("Theirs"),
    NETWORK: _("Theirs, or the network"),
    "": "",
}
SEND_SHEET = _("Send them the sheet; then try a test launch.")
TELL_ADMINS = _("Tell them, with the details below.")
# What we saw, and what to do; each with the values of its finding.
SAID: dict[str, tuple[Words, Words]] = {
    "login_fine": (_("It sends the browser to us with everything a launch needs."), ""),
    "login_unreachable": (_("%(why)s"), _("They open the address to us, or you correct it.")),
    "login_wrong_address": (
        _("It sends the browser to %(address)s, which is not our authorization address."),
        _("They type in %(ours)s, from the sheet."),
    ),
    "login_parameters": (_("Missing or wrong in what it sends us: %(names)s."), TELL_ADMINS),
    "login_redirect_unknown": (
        _("It asks us to answer to %(asked)s. Registered: %(registered)s"),
        _("They ask for a registered address, exactly; or you register this one too."),
    ),
    "login_elsewhere": (_("It sends the browser elsewhere: %(address)s"), SEND_SHEET),
    "login_page": (_("It answers with a page of its own. A browser may get further than we do."), SEND_SHEET),
    "login_status": (
        _("It answers with status %(status)s. Many tools do before they know our issuer and client id."),
        SEND_SHEET,
    ),
    "login_not_there": (
        _("It answers with status %(status)s: there is no login page at this address."),
        _("They name the right address, or you correct it. Some need our values first: send the sheet."),
    ),
    "login_failed": (
        _("It fails with status %(status)s."),
        _("They look into their log. Some fail until they know our values: send the sheet first."),
    ),
    "key_set_fine": (_("%(keys)s usable, answered in %(ms)s ms."), ""),
    "key_set_pasted": (_("%(keys)s usable, pasted here."), ""),
    "key_set_some_bad": (_("%(keys)s usable, with some trouble. %(troubles)s"), TELL_ADMINS),
    "key_set_no_good_key": (_("No key in it may sign. %(troubles)s"), TELL_ADMINS),
    "key_set_empty": (_("It holds no key."), _("They publish their public key there.")),
    "key_set_no_json": (_("What came is no key set."), _("They serve a JSON Web Key Set there.")),
    "key_set_status": (
        _("It answers with status %(status)s."),
        _("They mend it, or you correct the address."),
    ),
    "key_set_unreachable": (
        _("%(why)s None kept from before is recent enough: the tool can’t prove itself."),
        _("They open %(url)s to us, or you correct it."),
    ),
    "key_set_kept": (
        _("%(why)s The set kept from before still serves, for two days at most."),
        _("They open %(url)s to us before that."),
    ),
    "redirects_fine": (_("%(count)s registered, all usable."), ""),
    "redirect_not_https": (
        _("%(url)s is no plain HTTPS address."),
        _("They give another; you change it here."),
    ),
    "redirect_outside": (_("%(url)s lies outside the tool’s domains."), _("Ask them whether it is theirs.")),
    "redirect_silent": (_("%(host)s: %(why)s"), _("They open it, or you correct the address.")),
    "tls_fine": (_("%(version)s, certificate until %(day)s."), ""),
    "tls_expires_soon": (
        _("The certificate of %(host)s ends on %(day)s."),
        _("They renew it before that day."),
    ),
    "tls_plain": (
        _("%(host)s is reached without TLS: what is sent there can be read on the way."),
        _("Only for trying it out. They must serve HTTPS before people use it."),
    ),
    "tls_certificate_expired": (_("The certificate of %(host)s has ended."), _("They renew it.")),
    "tls_certificate_name": (
        _("The certificate of %(host)s is made out to another name."),
        _("They get one for this name, or you correct the address."),
    ),
    "tls_certificate_authority": (
        _("The certificate of %(host)s is signed by nobody we trust."),
        _("They send the whole chain of a public authority. In a closed network, set OUTBOUND_CA_FILE."),
    ),
    "tls_old": (_("%(host)s does not speak TLS 1.2 or 1.3."), _("They switch it on.")),
    "tls_untold": (_("Nothing answered by HTTPS."), ""),
    "clock_fine": (_("Right to a few seconds."), ""),
    "clock_off": (
        _("%(seconds)s s %(direction)s ours; we accept up to %(leeway)s s."),
        _("Tell them; nothing stops yet."),
    ),
    "clock_far": (
        _(
            "%(seconds)s s %(direction)s ours; we accept up to %(leeway)s s. What they sign is refused for its times."
        ),
        _("They set their clock. If several tools show this, ours is wrong."),
    ),
    "clock_untold": (_("They tell no time."), ""),
    "frame_fine": (_("Nothing forbids it."), ""),
    "frame_refused": (
        _("It refuses our frame (%(policy)s). It opens in a window."),
        _("Place its links to open in a window; or they allow our address as a frame ancestor."),
    ),
    "frame_untold": (_("Its addresses did not answer as they do in a launch."), _("A test launch shows it.")),
    "scopes_fine": (_("Granted: %(granted)s. Used in the last 30 days: %(used_words)s."), ""),
    "scopes_withheld": (
        _("It asked for more than it was given: %(withheld_words)s."),
        _("Grant it, if the tool needs it; or leave it."),
    ),
    "scopes_none": (_("Nothing is granted: it can only be opened."), ""),
    "tokens_fine": (_("The last one was answered, on %(moment)s."), ""),
    "tokens_never": (
        _("It has asked for none in 30 days."),
        _("It asks when it first sends a score or reads a roster."),
    ),
    "tokens_none_needed": (_("It needs none: no service is granted to it."), ""),
    "tokens_refused": (_("%(refused)s of the last %(of)s were refused: %(why)s"), TELL_ADMINS),
    "tokens_not_given": (
        _("%(refused)s of the last %(of)s were refused: %(why)s"),
        _("Grant it or enable the tool, if it should be so; else they ask only for what the sheet lists."),
    ),
    "tokens_mended": (
        _("The last one was answered; %(refused)s of the %(of)s before and with it were refused: %(why)s"),
        _("Look again in a day."),
    ),
    "ours_fine": (_("We are reached by HTTPS, a key signs, and the tool is on and deployed."), ""),
    "ours_no_key": (_("No key of ours signs its launches."), _("Run “manage.py rotate_keys --missing”.")),
    "ours_disabled": (_("The tool is disabled here: no launch starts."), _("Enable it, when it is wanted.")),
    "ours_not_deployed": (_("No deployment of it is on."), _("Deploy it, or turn a deployment on.")),
    "ours_plain": (
        _("Our issuer is %(issuer)s, not HTTPS. Many tools refuse that."),
        _("Only for trying it out. Set PLATFORM_URL to an https:// address."),
    ),
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One finding, ready to be shown."""

    name: Words
    kind: str
    result: Words
    seen: str
    side: Words
    next_step: str
    details: tuple[str, ...]
    is_fine: bool


Speaker = Callable[[Mapping[str, Any]], Mapping[str, str]]
_speakers: dict[str, Speaker] = {}


def speaks_of(
    check: str,
    name: Words,
    said: Mapping[str, tuple[Words, Words]],
    *,
    speaker: Speaker | None = None,
) -> None:
    """Registers the words of a check that another package contributes: its name, and those of each code.

    `speaker` turns the values of a finding into those that people read.
    """
    NAMES[check] = name
    SAID.update(said)
    if speaker:
        _speakers[check] = speaker


def row(finding: Finding) -> Row:
    """The finding in the language of the reader."""
    kind, result = RESULTS[finding.state]
    seen, next_step = SAID[finding.code]
    values = {**finding.values, **_spoken(finding.values)}
    if finding.check in _speakers:
        values |= _speakers[finding.check](finding.values)
    return Row(
        name=NAMES[finding.check],
        kind=kind,
        result=result,
        seen=str(seen) % values,
        side=SIDES[finding.side],
        next_step=str(next_step) % values,
        details=finding.details,
        is_fine=finding.state == State.FINE,
    )


def _spoken(values: Mapping[str, Any]) -> dict[str, str]:
    """Codes, times and lists among the values, as people say them."""
    said = {}
    if "error" in values or "rule" in values:
        known = WHY_REFUSED if "rule" in values else WHY_UNREACHED
        code = str(values.get("rule") or values.get("error"))
        said["why"] = str(known.get(code, code))
    for name, key in (("day", "until"), ("moment", "at")):
        if key in values:
            local = localtime(datetime.fromisoformat(values[key]))
            said[name] = date_format(local, gettext("j F Y")) + ("" if name == "day" else f"{local:, %H:%M}")
    if "ahead" in values:
        said["direction"] = gettext("ahead of") if values["ahead"] else gettext("behind")
    for name in ("used", "withheld"):
        if name in values:
            labels = [str(LABELS.get(scope, scope)).lower() for scope in values[name]]
            said[f"{name}_words"] = ", ".join(labels) or gettext("nothing")
    if "troubles" in values:
        pairs = [Trouble(kid=kid, code=code) for kid, code in values["troubles"]]
        said["troubles"] = in_words(pairs)
    return said
