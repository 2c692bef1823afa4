"""What lies below the messages: certificates, the version of TLS, and clocks."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from django.conf import settings

from lti_platform.outbound.errors import CertificateNotTrusted, TlsNotAgreed
from lti_platform.tools import web_addresses
from lti_platform.tools.checking.asking import Answer
from lti_platform.tools.checking.findings import OURS, THEIRS, Finding, State
from lti_platform.tools.checking.subject import Subject

EXPIRES_SOON = timedelta(days=14)
NOTICEABLE_SECONDS = 10
TLS, CLOCK = "tls", "clock"


def check_tls(subject: Subject) -> Iterator[Finding]:
    """One finding for each host that has trouble; else one for all."""
    found = [_tls(answer, now=subject.now) for answer in _one_a_host(subject)]
    known = [finding for finding in found if finding]
    trouble = [finding for finding in known if finding.state != State.FINE]
    if trouble:
        yield from trouble
    elif known:
        yield min(known, key=lambda finding: str(finding.values["until"]))
    else:
        yield Finding(check=TLS, code="tls_untold", state=State.UNCLEAR)


def _tls(answer: Answer, *, now: datetime) -> Finding | None:
    host = web_addresses.place(answer.question.url)
    if isinstance(answer.error, CertificateNotTrusted):
        side = OURS if answer.error.why == "authority" and settings.OUTBOUND_CA_FILE else THEIRS
        return _broken(f"tls_certificate_{answer.error.why}", host=host, side=side, answer=answer)
    if isinstance(answer.error, TlsNotAgreed):
        return _broken("tls_old", host=host, side=THEIRS, answer=answer)
    if answer.response is None:
        return None
    if answer.response.tls is None:
        return Finding(check=TLS, code="tls_plain", state=State.ATTENTION, side=THEIRS, values={"host": host})
    ends_at = answer.response.tls.certificate_ends_at
    values = {"host": host, "version": answer.response.tls.version, "until": ends_at.isoformat()}
    details = (f"{host}: {answer.response.tls.version}, certificate until {ends_at.isoformat()}",)
    if ends_at - now < EXPIRES_SOON:
        code, state = "tls_expires_soon", State.ATTENTION
        return Finding(check=TLS, code=code, state=state, side=THEIRS, values=values, details=details)
    return Finding(check=TLS, code="tls_fine", values=values, details=details)


def check_clock(subject: Subject) -> Iterator[Finding]:
    """Their Date headers against our clock when they came; the host that is furthest off counts."""
    ahead = [seconds for answer in _one_a_host(subject) if (seconds := seconds_ahead(answer)) is not None]
    if not ahead:
        yield Finding(check=CLOCK, code="clock_untold", state=State.UNCLEAR)
        return
    furthest, leeway = max(ahead, key=abs), settings.LTI_CLOCK_LEEWAY_SECONDS
    values = {"seconds": abs(furthest), "ahead": furthest > 0, "leeway": leeway}
    if abs(furthest) > leeway:
        yield Finding(check=CLOCK, code="clock_far", state=State.BROKEN, side=THEIRS, values=values)
    elif abs(furthest) > NOTICEABLE_SECONDS:
        yield Finding(check=CLOCK, code="clock_off", state=State.ATTENTION, side=THEIRS, values=values)
    else:
        yield Finding(check=CLOCK, code="clock_fine", values=values)


def seconds_ahead(answer: Answer) -> int | None:
    """By how much their clock is ahead of ours, in whole seconds; None if they tell no time."""
    said = answer.response.headers.get("date", "") if answer.response else ""
    try:
        theirs = parsedate_to_datetime(said)
    except (ValueError, IndexError):
        return None
    theirs = theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)
    return round((theirs - answer.at).total_seconds())


def _one_a_host(subject: Subject) -> list[Answer]:
    return list(
        {web_addresses.place(answer.question.url): answer for answer in subject.answers.values()}.values()
    )


def _broken(code: str, *, host: str, side: str, answer: Answer) -> Finding:
    values = {"host": host}
    return Finding(check=TLS, code=code, state=State.BROKEN, side=side, values=values, details=answer.details)
