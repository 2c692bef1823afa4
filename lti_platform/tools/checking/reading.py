"""A check-up in one sentence, and the last one of each tool for the list."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from lti_platform.tools.checking import login
from lti_platform.tools.checking.findings import NETWORK, OURS, THEIRS, Finding, State
from lti_platform.tools.models import CheckUp, Registration

KINDS: dict[str, str] = {"fine": "proven", "unclear": "unknown", "attention": "waiting", "broken": "act"}
WHOSE: dict[str, str | Promise] = {
    THEIRS: _("on their side"),
    OURS: _("on our side"),
    NETWORK: _("on their side or in the network"),
}


@dataclass(frozen=True, kw_only=True)
class Summary:
    """Does it work, and if not, whose side is it; `counts` are for the title block."""

    kind: str
    answer: str
    counts: str = ""


def summary(last: CheckUp | None, *, findings: list[Finding]) -> Summary:
    """What a person has to know first."""
    if last is None:
        return Summary(kind="open", answer=gettext("Does it work? Nobody checked yet."))
    broken = [finding for finding in findings if finding.state == State.BROKEN]
    attention = [finding for finding in findings if finding.state == State.ATTENTION]
    if broken:
        answer = ngettext("%(count)s thing is broken", "%(count)s things are broken", len(broken))
        answer = _with_sides(answer % {"count": len(broken)}, findings=broken)
    elif attention:
        answer = _with_sides(_attention(len(attention), works=_lets_in(findings)), findings=attention)
    elif last.state == State.UNCLEAR:
        answer = gettext("Nothing is broken. Some things show only in a launch.")
    else:
        answer = gettext("Everything we can check works.")
    return Summary(kind=KINDS[last.state], answer=answer, counts=_counts(findings))


def with_last_state(registrations: QuerySet[Registration]) -> QuerySet[Registration]:
    """Each with `checked_state` and `checked_at` of its last check-up, None without one."""
    last = CheckUp.objects.filter(registration=OuterRef("pk")).order_by("-ran_at")
    return registrations.annotate(
        checked_state=Subquery(last.values("state")[:1]), checked_at=Subquery(last.values("ran_at")[:1])
    )


def _lets_in(findings: list[Finding]) -> bool:
    """Whether we saw the tool's login page do what a launch needs; without that, nobody should read "it works"."""
    return all(finding.state == State.FINE for finding in findings if finding.check == login.CHECK)


def _attention(count: int, *, works: bool) -> str:
    if works:
        words = ngettext(
            "It works. %(count)s thing needs attention", "It works. %(count)s things need attention", count
        )
    else:
        words = ngettext(
            "Nothing is broken. %(count)s thing needs attention",
            "Nothing is broken. %(count)s things need attention",
            count,
        )
    return words % {"count": count}


def _with_sides(words: str, *, findings: list[Finding]) -> str:
    sides = {finding.side for finding in findings}
    if len(sides) == 1 and (side := sides.pop()) in WHOSE:
        return gettext("%(what)s, %(side)s.") % {"what": words, "side": WHOSE[side]}
    return f"{words}."


def _counts(findings: list[Finding]) -> str:
    found = Counter(finding.state for finding in findings)
    words = {
        State.FINE: gettext("%(count)s fine"),
        State.ATTENTION: gettext("%(count)s to look at"),
        State.BROKEN: gettext("%(count)s broken"),
        State.UNCLEAR: gettext("%(count)s unclear"),
    }
    return ", ".join(text % {"count": found[state]} for state, text in words.items() if found[state])
