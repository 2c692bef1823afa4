"""A web server of the outside world: it answers as told and remembers what it was asked."""

import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request as it arrived; header names are lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What to send. `pause_seconds` passes before each byte of the body; `reset` sends nothing at all."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    pause_seconds: float = 0
    reset: bool = False


class Receiver:
    """`answers` maps a path (without query) to an Answer, or to a function of what was asked; "*" is any other path."""

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self.asked: list[Asked] = []
        self.answers: dict[str, Answer | Callable[[Asked], Answer]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        if tls is not None:
            # The handshake is left to the request's thread: a client that gives up must not stop the server.
            self._server.socket = tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def port(self) -> int:
        """The loopback port it listens on."""
        return self._server.server_port

    def url(self, path: str = "/", *, host: str = "127.0.0.1") -> str:
        """The plain HTTP address of a path."""
        return f"http://{host}:{self.port}{path}"

    def answer_with(
        self,
        path: str = "/",
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> str:
        """Answer requests for the path so from now on; the address of the path."""
        self.answers[path] = Answer(status=status, headers=headers or {}, body=body)
        return self.url(path)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        otherwise = self.answers.get("*", Answer(status=404))
        answer = self.answers.get(asked.path.partition("?")[0], otherwise)
        return answer(asked) if callable(answer) else answer

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        answer_to = self._answer

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *arguments: object) -> None:
                """Say nothing: the test reads `asked`."""

            def handle_any(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                headers = {name.lower(): value for name, value in self.headers.items()}
                body = self.rfile.read(length)
                asked = Asked(method=self.command, path=self.path, headers=headers, body=body)
                self.close_connection = True
                answer = answer_to(asked)
                if not answer.reset:
                    send(self, answer)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = handle_any

        return Handler


def send(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    """Write the answer; the other side may hang up at any moment."""
    try:
        # The server's own Date would stand beside one that a test sends.
        begin = handler.send_response_only if "Date" in answer.headers else handler.send_response
        begin(answer.status)
        for name, value in {"content-length": str(len(answer.body)), **answer.headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        if not answer.pause_seconds:
            handler.wfile.write(answer.body)
            return
        for position in range(len(answer.body)):
            time.sleep(answer.pause_seconds)
            handler.wfile.write(answer.body[position : position + 1])
            handler.wfile.flush()
    except OSError:
        handler.close_connection = True
