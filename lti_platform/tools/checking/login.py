"""The tool's login address, asked with a launch that leads nowhere: does it send the browser back as it must."""

from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

from lti_platform.outbound.errors import OutboundRefused
from lti_platform.outbound.http import REDIRECTS, Response
from lti_platform.tools import addresses
from lti_platform.tools.checking.asking import Answer
from lti_platform.tools.checking.findings import NETWORK, THEIRS, Finding, State
from lti_platform.tools.checking.subject import LOGIN, PROBE, Subject
from lti_platform.tools.models import Registration

CHECK = "login"
# LTI Security Framework 5.1.1.2: parameters that have one right value.
FIXED = {"response_type": "id_token", "response_mode": "form_post", "prompt": "none"}
MAX_SHOWN = 300
NOT_THERE, FAILED = (404, 405, 410), 500


class Form(HTMLParser):
    """The first form of a page: where it goes, and its fields."""

    def __init__(self) -> None:
        super().__init__()
        self.action: str | None = None
        self.fields: dict[str, str] = {}
        self._is_over = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Reads forms and their inputs, nothing else."""
        said = {name: value or "" for name, value in attrs}
        if tag == "form" and self.action is None:
            self.action = said.get("action", "")
        elif tag == "input" and self.action is not None and not self._is_over and said.get("name"):
            self.fields[said["name"]] = said.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        """A second form is another's."""
        self._is_over = self._is_over or (tag == "form" and self.action is not None)


def check(subject: Subject) -> Iterator[Finding]:
    """One finding. An answer that is none of ours to judge is "could not tell": tools differ before they know us."""
    answer = subject.answer(LOGIN)
    if answer is None:
        return
    if answer.response is None:
        side = THEIRS if isinstance(answer.error, OutboundRefused) else NETWORK
        values = {"error": answer.error.code if answer.error else ""}
        yield _finding("login_unreachable", answer=answer, state=State.BROKEN, side=side, values=values)
        return
    where, sent = onward(answer.response)
    yield _judged(subject.registration, answer=answer, where=where, sent=sent)


def onward(response: Response) -> tuple[str, dict[str, str]]:
    """Where the answer sends the browser, without query, and what it sends along; "" when it stays."""
    try:
        if response.status in REDIRECTS and (location := response.headers.get("location")):
            address = urljoin(response.url, location)
            parts = urlsplit(address)
            return address.partition("?")[0].partition("#")[0], dict(parse_qsl(parts.query))
        if response.status == 200:
            form = Form()
            form.feed(response.body.decode("utf-8", "replace"))
            if form.action:
                return urljoin(response.url, form.action).partition("?")[0], form.fields
    except ValueError:  # an address that is none, such as https://[
        return "", {}
    return "", {}


def _judged(registration: Registration, *, answer: Answer, where: str, sent: dict[str, str]) -> Finding:
    ours, status = addresses.authorization_endpoint(), answer.response.status if answer.response else 0
    if where != ours:
        if sent.get("login_hint") == PROBE or sent.get("client_id") == registration.client_id:
            values = {"address": where[:MAX_SHOWN], "ours": ours}
            return _finding("login_wrong_address", answer=answer, state=State.BROKEN, values=values)
        return _stayed(answer, where=where, status=status)
    if wrong := wrong_parameters(sent, registration=registration):
        values = {"names": ", ".join(wrong)}
        details = tuple(f"{name}={sent.get(name, '')}"[:MAX_SHOWN] for name in wrong)
        return _finding("login_parameters", answer=answer, state=State.BROKEN, values=values, details=details)
    if (redirect := sent.get("redirect_uri", "")) not in registration.redirect_uris:
        values = {
            "asked": redirect[:MAX_SHOWN],
            "registered": ", ".join(registration.redirect_uris)[:MAX_SHOWN],
        }
        return _finding("login_redirect_unknown", answer=answer, state=State.BROKEN, values=values)
    return _finding("login_fine", answer=answer, state=State.FINE, side="")


def _stayed(answer: Answer, *, where: str, status: int) -> Finding:
    """The browser did not come to us. Tools refuse with 4xx who they do not know yet; no page at all is a fault."""
    if status in NOT_THERE:
        return _finding("login_not_there", answer=answer, state=State.BROKEN, values={"status": status})
    if status >= FAILED:
        return _finding("login_failed", answer=answer, state=State.ATTENTION, values={"status": status})
    code = "login_elsewhere" if where else "login_page" if status == 200 else "login_status"
    told = {"status": status, "address": where[:MAX_SHOWN]}
    return _finding(code, answer=answer, state=State.UNCLEAR, values=told)


def wrong_parameters(sent: dict[str, str], *, registration: Registration) -> list[str]:
    """Names of what is missing or has not the one value it must have (LTI Security Framework 5.1.1.2)."""
    wanted = {
        **FIXED,
        "client_id": registration.client_id,
        "login_hint": PROBE,
        "lti_message_hint": PROBE,
    }
    wrong = [name for name, value in wanted.items() if sent.get(name) != value]
    wrong += [] if "openid" in sent.get("scope", "").split() else ["scope"]
    return wrong + [name for name in ("nonce", "redirect_uri") if not sent.get(name)]


def _finding(
    code: str,
    *,
    answer: Answer,
    state: State,
    side: str = THEIRS,
    values: Mapping[str, object] | None = None,
    details: tuple[str, ...] = (),
) -> Finding:
    unclear = "" if state == State.UNCLEAR else side
    return Finding(
        check=CHECK,
        code=code,
        state=state,
        side=unclear,
        values=values or {},
        details=(*answer.details, *details),
    )
