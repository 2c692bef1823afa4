"""The answer of a case's page, in a sentence."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proctoring.desk import words
from proctoring.desk.case_page import CasePage


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Kind of state, the sentence, and what goes with it."""

    kind: str
    answer: str
    more: str


def standing_of(page: CasePage) -> Standing:
    """Where the case stands."""
    if not page.is_waiting:
        return _decided(page)
    exam = {"exam": page.attempt.exam.title}
    more = _("%(exam)s. The score is hidden until you decide.") % exam
    owner = page.case.assigned_to
    if owner is not None and not page.is_mine:
        return Standing(kind="open", answer=_("%(name)s reviews this case.") % {"name": owner}, more=more)
    return Standing(kind="waiting", answer=_to_do(page), more=more)


def _to_do(page: CasePage) -> str:
    count, total = len(page.undecided), len(page.to_decide)
    if count == total == 1:
        return _("1 incident still needs your decision.")
    if count:
        values = {"count": count, "total": total}
        return (
            ngettext(
                "%(count)s of %(total)s incidents still needs your decision.",
                "%(count)s of %(total)s incidents still need your decision.",
                count,
            )
            % values
        )
    if total:
        return _("Every incident is decided. Your verdict is next.")
    return _("Nothing was flagged. Watch, then give your verdict.")


def _decided(page: CasePage) -> Standing:
    verdict = page.verdict
    if verdict is None:
        return Standing(kind="open", answer=_("No review is required."), more=page.attempt.exam.title)
    values = {"verdict": verdict.get_outcome_display(), "name": verdict.reviewer}
    kind, state = words.STATES.get(page.attempt.state, ("waiting", _("The result is being settled")))
    return Standing(
        kind="waiting" if kind == "waiting" else words.kind_of(verdict.outcome),
        answer=_("%(verdict)s, signed by %(name)s.") % values,
        more=f"{page.attempt.exam.title}. {state}.",
    )
