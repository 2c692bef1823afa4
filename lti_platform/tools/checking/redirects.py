"""The redirect addresses: HTTPS, within the tool's domains, and somebody there."""

from collections.abc import Iterator

from lti_platform.tools import web_addresses
from lti_platform.tools.checking.findings import NETWORK, THEIRS, Finding, State
from lti_platform.tools.checking.subject import LAUNCH, Subject

CHECK = "redirects"


def check(subject: Subject) -> Iterator[Finding]:
    """A finding for each address with trouble, or one for all."""
    registration, sound = subject.registration, True
    for url in registration.redirect_uris:
        if code := web_addresses.fault(url):
            sound = False
            values = {"url": url, "fault": code}
            state = State.BROKEN
            yield Finding(check=CHECK, code="redirect_not_https", state=state, side=THEIRS, values=values)
        elif not web_addresses.is_within(url, domains=registration.domains):
            sound = False
            values, state = {"url": url}, State.ATTENTION
            yield Finding(check=CHECK, code="redirect_outside", state=state, side=THEIRS, values=values)
    for finding in _silent(subject):
        sound = False
        yield finding
    if sound:
        yield Finding(check=CHECK, code="redirects_fine", values={"count": len(registration.redirect_uris)})


def _silent(subject: Subject) -> Iterator[Finding]:
    """Hosts of theirs where nobody answers; the login address and the key set are checked elsewhere."""
    for name, answer in subject.answers.items():
        if answer.error and (name == LAUNCH or name.startswith("redirect ")):
            values = {"host": web_addresses.place(answer.question.url), "error": answer.error.code}
            yield Finding(
                check=CHECK,
                code="redirect_silent",
                state=State.BROKEN,
                side=NETWORK,
                values=values,
                details=answer.details,
            )
