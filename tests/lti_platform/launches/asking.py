"""What a tool's page says to ours in a real browser, and what it hears."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from flask import Flask
from playwright.sync_api import Frame, Page

from tests.sandbox_tests.platform import Server

SILENCE_MS = 400
ASK = """([message, to, patience]) => new Promise((resolve) => {
  const hear = (event) => {
    window.removeEventListener("message", hear);
    resolve({ ...event.data, origin: event.origin });
  };
  window.addEventListener("message", hear);
  if (patience) setTimeout(resolve, patience, null);
  (window.opener || window.top).postMessage(message, to);
})"""
NEST = """(url) => new Promise((resolve) => {
  const frame = document.createElement("iframe");
  frame.onload = resolve;
  frame.src = url;
  document.body.append(frame);
})"""


def ask(tool: Frame | Page, message: Any, *, to: str = "*") -> dict[str, Any]:
    """The answer of our page to a message from this page of a tool's."""
    answer: dict[str, Any] = tool.evaluate(ASK, [message, to, 0])
    return answer


def is_silent(tool: Frame | Page, message: Any) -> bool:
    """Whether our page says nothing to this message; what it answers afterwards is not late for it."""
    heard = tool.evaluate(ASK, [message, "*", SILENCE_MS])
    return heard is None


def put(tool: Frame | Page, key: str, value: Any, **more: Any) -> dict[str, Any]:
    """The answer to `lti.put_data`."""
    return ask(tool, {"subject": "lti.put_data", "message_id": "put", "key": key, "value": value, **more})


def get(tool: Frame | Page, key: str) -> Any:
    """The value under this key."""
    answer = ask(tool, {"subject": "lti.get_data", "message_id": "get", "key": key})
    assert answer["subject"] == "lti.get_data.response", answer
    assert (answer["message_id"], answer["key"]) == ("get", key)
    return answer["value"]


def error_of(answer: dict[str, Any]) -> str:
    """The code of a refusal, which carries words too."""
    assert answer["error"]["message"]
    return str(answer["error"]["code"])


def nest(outer: Frame, url: str) -> Frame:
    """A frame within the tool's, showing this address."""
    outer.evaluate(NEST, url)
    return outer.child_frames[-1]


@contextmanager
def tools(count: int) -> Iterator[list[str]]:
    """Origins of so many tools on another site than ours; each answers every address with an empty page."""
    app = Flask(__name__)
    app.add_url_rule("/", "page", _page, defaults={"rest": ""})
    app.add_url_rule("/<path:rest>", "page", _page)
    with ExitStack() as stack:
        yield [stack.enter_context(Server(app)).url for _number in range(count)]


def _page(rest: str) -> str:
    return f"<!doctype html><title>{len(rest)}</title><link rel=icon href='data:,'><body>"
