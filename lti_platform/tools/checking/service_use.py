"""What the tool may ask of our services, what it asked, and how that went: from the journal."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from lti_platform.journal.models import Entry
from lti_platform.journal.recording import Refused
from lti_platform.tools.checking.findings import OURS, THEIRS, Finding, State
from lti_platform.tools.checking.subject import Subject
from lti_platform.tools.facts import TokenIssued
from lti_platform.tools.models import Registration
from lti_platform.tools.scopes import LABELS

SCOPES, TOKENS = "scopes", "tokens"
LATELY = timedelta(days=30)
MOST_READ = 500
LAST = 5
# Refusals that are ours to end.
OUR_RULES = frozenset({"client_disabled", "nothing_grantable"})


def check_scopes(subject: Subject) -> Iterator[Finding]:
    """Granted against asked and used."""
    granted = [scope for scope in subject.registration.scopes if scope in LABELS]
    used = used_lately(subject.registration, now=subject.now)
    asked = subject.registration.asked.get("scopes", ())
    withheld = [scope for scope in asked if scope in LABELS and scope not in granted]
    values = {
        "granted": len(granted),
        "used": [scope for scope in granted if scope in used],
        "unused": [scope for scope in granted if scope not in used],
        "withheld": withheld,
    }
    if withheld:
        code, state = "scopes_withheld", State.ATTENTION
        yield Finding(check=SCOPES, code=code, state=state, side=OURS, values=values)
    elif not granted:
        yield Finding(check=SCOPES, code="scopes_none")
    else:
        yield Finding(check=SCOPES, code="scopes_fine", values=values)


def check_tokens(subject: Subject) -> Iterator[Finding]:
    """The last requests for a token made in the tool's name; whoever makes them is known only when they succeed."""
    rows = Entry.objects.filter(
        subject=f"tool:{subject.registration.pk}",
        fact_type__in=[TokenIssued.fact_type, Refused.fact_type],
        recorded_at__gt=subject.now - LATELY,
    )
    last = list(rows.select_related("details").order_by("-recorded_at", "id")[:LAST])
    refused = [entry for entry in last if entry.fact_type == Refused.fact_type]
    if not last:
        code = "tokens_never" if subject.registration.scopes else "tokens_none_needed"
        yield Finding(
            check=TOKENS, code=code, state=State.UNCLEAR if subject.registration.scopes else State.FINE
        )
    elif not refused:
        yield Finding(check=TOKENS, code="tokens_fine", values={"at": last[0].recorded_at.isoformat()})
    else:
        yield _refused(refused, of=last)


def used_lately(registration: Registration, *, now: datetime) -> set[str]:
    """Scopes that tokens of the last 30 days carry."""
    rows = Entry.objects.filter(
        subject=f"tool:{registration.pk}",
        fact_type=TokenIssued.fact_type,
        recorded_at__gt=now - LATELY,
    )
    payloads = rows.order_by("-recorded_at", "id").values_list("payload", flat=True)[:MOST_READ]
    return {scope for payload in payloads for scope in payload["scopes"].split()}


def _refused(refused: list[Entry], *, of: list[Entry]) -> Finding:
    """Broken when the newest was refused; a success after it means that somebody mended something."""
    [(rule, _count)] = Counter(entry.payload["rule"] for entry in refused).most_common(1)
    now_works, is_ours = of[0].fact_type == TokenIssued.fact_type, rule in OUR_RULES
    code = "tokens_mended" if now_works else "tokens_not_given" if is_ours else "tokens_refused"
    return Finding(
        check=TOKENS,
        code=code,
        state=State.ATTENTION if now_works else State.BROKEN,
        side=OURS if is_ours else THEIRS,
        values={"refused": len(refused), "of": len(of), "rule": rule},
        details=tuple(_line(entry) for entry in refused),
    )


def _line(entry: Entry) -> str:
    note = entry.details.note if hasattr(entry, "details") else ""
    return f"{entry.recorded_at:%Y-%m-%d %H:%M:%S} UTC {entry.payload['rule']} {note}".strip()[:300]
