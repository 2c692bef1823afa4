"""The tool's key set: can it be had, and may its keys sign."""

from collections.abc import Iterator, Mapping

from django.utils import translation

from keys.errors import KeySetUnusable
from lti_platform.outbound.errors import OutboundRefused
from lti_platform.outbound.http import Response
from lti_platform.tools import fetching, key_sets
from lti_platform.tools.checking.asking import Answer
from lti_platform.tools.checking.findings import NETWORK, THEIRS, Finding, State
from lti_platform.tools.checking.subject import KEY_SET, Subject
from lti_platform.tools.key_troubles import Trouble, troubles_of, troubles_of_pasted, troubles_of_text

CHECK = "key_set"


def check(subject: Subject) -> Iterator[Finding]:
    """One finding: the set that was pasted, or the one that came now."""
    answer = subject.answer(KEY_SET)
    if answer is None:
        yield _judged(troubles_of_pasted(key_sets.pasted_text(subject.registration)), pasted=True)
    elif answer.response is None:
        yield _unreachable(subject, answer)
    else:
        yield _came(subject, answer, response=answer.response)


def _came(subject: Subject, answer: Answer, *, response: Response) -> Finding:
    """What came is kept, too, if any of its keys may sign; else why not is, beside the last good set."""
    try:
        came = fetching.judged(response)
    except fetching.FetchFailed as failure:
        fetching.note_failure(subject.registration, str(failure), now=subject.now)
        return _refused(failure, status=response.status, details=answer.details)
    fetching.keep(subject.registration, came, now=subject.now)
    return _judged(troubles_of_text(came.body), details=answer.details, ms=response.elapsed_ms)


def _refused(failure: fetching.FetchFailed, *, status: int, details: tuple[str, ...]) -> Finding:
    if isinstance(failure, fetching.NotServed):
        return _broken("key_set_status", values={"status": status}, details=details)
    refusal = failure.__cause__
    if problems := getattr(refusal, "problems", ()):
        return _judged((0, troubles_of(problems)), details=details)
    code = "key_set_empty" if isinstance(refusal, KeySetUnusable) else "key_set_no_json"
    return _broken(code, values={"error": str(refusal)}, details=details)


def _judged(
    found: tuple[int, tuple[Trouble, ...]],
    *,
    details: tuple[str, ...] = (),
    ms: int = 0,
    pasted: bool = False,
) -> Finding:
    """By the number of keys that may sign, and the trouble with the others."""
    keys, troubles = found
    values = {"keys": keys, "ms": ms, "troubles": [trouble.as_pair() for trouble in troubles]}
    if not keys:
        return _broken("key_set_no_good_key", values=values, details=details)
    if troubles:
        code, state = "key_set_some_bad", State.ATTENTION
        return Finding(check=CHECK, code=code, state=state, side=THEIRS, values=values, details=details)
    code = "key_set_pasted" if pasted else "key_set_fine"
    return Finding(check=CHECK, code=code, values=values, details=details)


def _unreachable(subject: Subject, answer: Answer) -> Finding:
    """While the last good set may still verify, what is broken is only about to be."""
    side = THEIRS if isinstance(answer.error, OutboundRefused) else NETWORK
    if answer.error:
        with translation.override("en"):  # kept for whoever looks later, in whatever language
            fetching.note_failure(subject.registration, str(answer.error), now=subject.now)
    row = key_sets.kept(subject.registration)
    values = {"error": answer.error.code if answer.error else "", "url": answer.question.url}
    usable = row is not None and fetching.is_usable(row, now=subject.now)
    code, state = ("key_set_kept", State.ATTENTION) if usable else ("key_set_unreachable", State.BROKEN)
    return Finding(check=CHECK, code=code, state=state, side=side, values=values, details=answer.details)


def _broken(code: str, *, values: Mapping[str, object], details: tuple[str, ...]) -> Finding:
    return Finding(check=CHECK, code=code, state=State.BROKEN, side=THEIRS, values=values, details=details)
