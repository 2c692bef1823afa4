"""Whether a page of ours may show the tool in a frame (Content Security Policy Level 3, 6.4.2; RFC 7034)."""

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from django.conf import settings

from lti_platform.tools.checking.findings import THEIRS, Finding, State
from lti_platform.tools.checking.subject import LAUNCH, LOGIN, Subject

CHECK = "frame"
DIRECTIVE = "frame-ancestors"


def check(subject: Subject) -> Iterator[Finding]:
    """One finding, by what the login and the launch address say of frames."""
    answers = [answer for name in (LOGIN, LAUNCH) if (answer := subject.answer(name)) and answer.response]
    refused = [answer for answer in answers if answer.response and not may_be_framed(answer.response.headers)]
    if refused:
        headers = refused[0].response.headers if refused[0].response else {}
        values = {"policy": policy(headers)[:200]}
        details = refused[0].details
        code, state = "frame_refused", State.ATTENTION
        yield Finding(check=CHECK, code=code, state=state, side=THEIRS, values=values, details=details)
    elif any(answer.response and answer.response.status < 400 for answer in answers):
        yield Finding(check=CHECK, code="frame_fine")
    else:
        yield Finding(check=CHECK, code="frame_untold", state=State.UNCLEAR)


def may_be_framed(headers: Mapping[str, str], *, by: str = "") -> bool:
    """Whether pages at the origin `by` (ours, unless named) may frame an answer with these headers."""
    ancestors = _ancestors(headers.get("content-security-policy", ""))
    if ancestors:  # then browsers do not look at X-Frame-Options
        return all(
            any(_matches(source, by=by or settings.PLATFORM_URL) for source in one) for one in ancestors
        )
    said = headers.get("x-frame-options", "").upper()
    return not {"DENY", "SAMEORIGIN"} & {word.strip() for word in said.split(",")}


def policy(headers: Mapping[str, str]) -> str:
    """The words by which it says so."""
    if ancestors := _ancestors(headers.get("content-security-policy", "")):
        return f"{DIRECTIVE} {' '.join(ancestors[0])}"
    return f"X-Frame-Options: {headers.get('x-frame-options', '')}"


def _ancestors(policies: str) -> list[list[str]]:
    """The sources of each policy that names ancestors; several policies must all agree."""
    directives = [part.split() for policy in policies.split(",") for part in policy.split(";")]
    return [words[1:] or ["'none'"] for words in directives if words and words[0].lower() == DIRECTIVE]


def _matches(source: str, *, by: str) -> bool:
    page, source = urlsplit(by), source.lower()
    if source == "*":
        return page.scheme in {"http", "https"}
    if source.endswith(":") and "/" not in source:
        return page.scheme == source[:-1]
    if source.startswith("'"):
        return False
    try:
        wanted = urlsplit(source if "://" in source else f"{page.scheme}://{source}")
    except ValueError:  # no address, such as https://[: browsers pass over it
        return False
    host, own = wanted.netloc.rpartition(":")[0] or wanted.netloc, page.hostname or ""
    port = wanted.netloc.rpartition(":")[2] if ":" in wanted.netloc else ""
    fits_host = own.endswith(host[1:]) if host.startswith("*.") else own == host
    fits_scheme = page.scheme == wanted.scheme or (wanted.scheme, page.scheme) == ("http", "https")
    usual = {"https": 443, "http": 80}.get(page.scheme, 0)
    own_port = page.port or usual
    fits_port = port in {"*", str(own_port)} or (not port and own_port == usual)
    return fits_host and fits_scheme and fits_port
