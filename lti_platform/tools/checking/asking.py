"""Asking a tool's addresses, all at once and only through the guarded door: the answers, or why there is none."""

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import translation

from lti_platform.outbound.errors import OutboundError
from lti_platform.outbound.http import Response, fetch

AT_ONCE = 8
SECONDS_EACH = 5.0
SECONDS_IN_ALL = 12.0
REDIRECTS = 2
SHOWN_HEADERS = ("date", "location", "content-type", "x-frame-options", "content-security-policy")
MAX_SHOWN = 300


@dataclass(frozen=True, kw_only=True)
class Question:
    """An address to ask; `max_bytes` is how much of its answer is read."""

    url: str
    max_bytes: int = 64 * 1024
    method: str = "GET"
    headers: Mapping[str, str] | None = None
    body: bytes | None = None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came of a question: a response, or the error that took its place; `at` is our time when it came."""

    question: Question
    at: datetime
    response: Response | None = None
    error: OutboundError | None = None

    @property
    def fault(self) -> str:
        """Why nothing came, in English, for the record; the words of the page are chosen by the code."""
        with translation.override("en"):
            return str(self.error) if self.error else ""

    @property
    def details(self) -> tuple[str, ...]:
        """What a technician asks for: the address, the status, and the headers that matter."""
        asked = f"{self.question.method} {self.question.url}"[:MAX_SHOWN]
        if self.response is None:
            return (asked, self.fault)
        seen = [(name, self.response.headers.get(name, "")) for name in SHOWN_HEADERS]
        status = f"{self.response.status}, {self.response.elapsed_ms} ms"
        return (asked, status, *(f"{name}: {value}"[:MAX_SHOWN] for name, value in seen if value))


def ask_all(questions: Mapping[str, Question], *, now: datetime) -> dict[str, Answer]:
    """The answer to each question by its name, within SECONDS_IN_ALL whatever the other side does."""
    began = time.monotonic()

    def ask(question: Question) -> Answer:
        left = SECONDS_IN_ALL - (time.monotonic() - began)
        answer = _ask(question, seconds=min(SECONDS_EACH, left), began=began, now=now)
        if answer.response and answer.response.status == 405 and question.method == "GET":
            left = SECONDS_IN_ALL - (time.monotonic() - began)
            return _ask(posted(question), seconds=min(SECONDS_EACH, left), began=began, now=now)
        return answer

    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="check-up") as pool:
        return dict(zip(questions, pool.map(ask, questions.values()), strict=True))


def posted(question: Question) -> Question:
    """The same question as a form, for addresses that take nothing else."""
    address, _mark, query = question.url.partition("?")
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return Question(
        url=address, method="POST", headers=headers, body=query.encode(), max_bytes=question.max_bytes
    )


def _ask(question: Question, *, seconds: float, began: float, now: datetime) -> Answer:
    response, error = None, None
    try:
        response = fetch(
            question.url,
            method=question.method,
            headers=question.headers,
            body=question.body,
            max_bytes=question.max_bytes,
            cuts_body=True,
            timeout_seconds=max(seconds, 0.001),
            same_host_redirects=REDIRECTS,
        )
    except OutboundError as caught:
        error = caught
    at = now + timedelta(seconds=time.monotonic() - began)
    return Answer(question=question, at=at, response=response, error=error)
