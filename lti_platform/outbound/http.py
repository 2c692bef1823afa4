"""The HTTP client for addresses that somebody else gave us: the only module that imports one.

Built on the transport layer alone, which reads no proxies from the environment, keeps no cookies, follows no
redirects and decompresses nothing. Each exchange has a connection of its own.
"""

import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpcore2
from django.conf import settings

from lti_platform.outbound.errors import (
    CertificateNotTrusted,
    OutboundFailed,
    OutboundTimeout,
    OutboundTooLarge,
    TlsNotAgreed,
)
from lti_platform.outbound.guard import Destination, resolve

REDIRECTS = frozenset({301, 302, 303, 307, 308})
WRITE_PIECE_BYTES = 16 * 1024
# The transport writes these itself; a caller's would contradict it.
OWN_HEADERS = frozenset({"host", "content-length", "transfer-encoding", "connection", "accept-encoding"})
# What OpenSSL calls an expired certificate, and one of another name or address (X509_V_ERR_…).
EXPIRED, WRONG_NAME, WRONG_ADDRESS = 10, 62, 64
# … and what it says when the other side speaks an older TLS, or none.
NO_PROTOCOL = frozenset(
    {"UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION", "WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"}
)
USER_AGENT = "proctored-credentials"


@dataclass(frozen=True, kw_only=True)
class Tls:
    """How the connection was protected: "TLSv1.3", and when the certificate ends."""

    version: str
    certificate_ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class Response:
    """What came back. Header names are lower case, repeated ones joined; `url` is the one that answered.

    `tls` is None over plain HTTP.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    elapsed_ms: int
    url: str
    tls: Tls | None = None


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """One moment for the whole exchange: look-up, connection, TLS, request, answer and redirects."""

    at: float

    def left(self) -> float:
        """Seconds left; raises OutboundTimeout when there are none."""
        seconds = self.at - time.monotonic()
        if seconds <= 0:
            raise OutboundTimeout
        return seconds


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked of each address on the way."""

    method: str
    headers: Mapping[str, str]
    body: bytes | None
    max_bytes: int
    cuts_body: bool


def fetch(
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    max_bytes: int,
    cuts_body: bool = False,
    timeout_seconds: float = 5,
    same_host_redirects: int = 0,
) -> Response:
    """Ask one guarded address; `timeout_seconds` bounds the whole exchange, `max_bytes` the body.

    `cuts_body` keeps the first `max_bytes` of a longer body, for callers to whom the status is the answer.
    A redirect is returned like any other answer, except that a GET follows up to `same_host_redirects` of
    them to the same scheme, host and port, each judged anew.
    Raises OutboundRefused, OutboundTimeout, OutboundTooLarge or OutboundFailed. A status is not an error.
    """
    began = time.monotonic()
    deadline = Deadline(at=began + timeout_seconds)
    question = Question(
        method=method, headers=headers or {}, body=body, max_bytes=max_bytes, cuts_body=cuts_body
    )
    follow = same_host_redirects if method == "GET" else 0
    while True:
        destination = resolve(url, timeout_seconds=deadline.left())
        answer = _exchange(destination, question=question, deadline=deadline)
        location = answer.headers.get("location", "")
        onward = _same_host_redirect(url, status=answer.status, location=location)
        if not follow or not onward:
            return replace(answer, elapsed_ms=round((time.monotonic() - began) * 1000))
        url, follow = onward, follow - 1


def _same_host_redirect(url: str, *, status: int, location: str) -> str:
    """Where a redirect leads, or nothing if it is none or leaves the scheme, host or port."""
    if status not in REDIRECTS or not location:
        return ""
    try:
        onward = urljoin(url, location)
        here, there = urlsplit(url), urlsplit(onward)
        same = (here.scheme, here.hostname, here.port) == (there.scheme, there.hostname, there.port)
    except ValueError:
        return ""
    return onward if same else ""


def _exchange(destination: Destination, *, question: Question, deadline: Deadline) -> Response:
    """The answer to one request to one judged address; nobody timed it yet."""
    network = JudgedNetwork(destination, deadline=deadline)
    tls = _tls(settings.OUTBOUND_CA_FILE) if destination.scheme == "https" else None
    try:
        request = _request(destination, question=question)
        with httpcore2.HTTPConnection(
            request.url.origin, ssl_context=tls, network_backend=network
        ) as connection:
            response = connection.handle_request(request)
            return Response(
                status=response.status,
                headers=_joined(response.headers),
                body=_body(response, question),
                elapsed_ms=0,
                url=destination.url,
                tls=_seen(response.extensions["network_stream"].get_extra_info("socket")),
            )
    except (OutboundTimeout, httpcore2.TimeoutException):
        raise OutboundTimeout(destination.host) from None
    except OutboundTooLarge:
        raise OutboundTooLarge(destination.host) from None
    except (httpcore2.NetworkError, httpcore2.ProtocolError) as error:
        if isinstance(error.__cause__, ssl.SSLCertVerificationError):
            raise CertificateNotTrusted(destination.host, why=_distrust(error.__cause__)) from error
        if isinstance(error.__cause__, ssl.SSLError) and error.__cause__.reason in NO_PROTOCOL:
            raise TlsNotAgreed(destination.host) from error
        raise OutboundFailed(destination.host) from error


def _seen(socket: object) -> Tls | None:
    # The socket must be asked before the connection closes.
    certificate = socket.getpeercert() if isinstance(socket, ssl.SSLSocket) else None
    if not certificate or not isinstance(socket, ssl.SSLSocket):
        return None
    ends_at = ssl.cert_time_to_seconds(str(certificate["notAfter"]))
    return Tls(version=socket.version() or "", certificate_ends_at=datetime.fromtimestamp(ends_at, UTC))


def _distrust(error: ssl.SSLCertVerificationError) -> str:
    return {EXPIRED: "expired", WRONG_NAME: "name", WRONG_ADDRESS: "name"}.get(error.verify_code, "authority")


def _request(destination: Destination, *, question: Question) -> httpcore2.Request:
    parts = urlsplit(destination.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    url = httpcore2.URL(
        scheme=destination.scheme.encode(),
        host=destination.host.encode(),
        port=destination.port,
        target=target.encode(),
    )
    sent = {"user-agent": USER_AGENT} | {name.lower(): value for name, value in question.headers.items()}
    headers = [("host", parts.netloc), ("accept-encoding", "identity"), ("connection", "close")]
    headers += [(name, value) for name, value in sent.items() if name not in OWN_HEADERS]
    if question.body is not None:
        headers.append(("content-length", str(len(question.body))))
    return httpcore2.Request(question.method, url, headers=headers, content=question.body)


def _joined(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined


def _body(response: httpcore2.Response, question: Question) -> bytes:
    body = bytearray()
    for piece in response.iter_stream():
        body += piece
        if len(body) > question.max_bytes:
            if question.cuts_body:
                break
            raise OutboundTooLarge
    return bytes(body[: question.max_bytes])


@lru_cache(maxsize=4)
def _tls(ca_file: str) -> ssl.SSLContext:
    """TLS 1.2 or later, checked against the system's authorities or, if given, those of `ca_file` alone."""
    context = ssl.create_default_context(cafile=ca_file or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


class JudgedNetwork(httpcore2.NetworkBackend):
    """Connects to the judged address, whatever name the request carries, and within the deadline."""

    def __init__(self, destination: Destination, *, deadline: Deadline) -> None:
        self._destination = destination
        self._deadline = deadline
        self._network = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """A stream to the judged address; host and port of the request are not looked at."""
        stream = self._network.connect_tcp(
            self._destination.address,
            self._destination.port,
            timeout=self._deadline.left(),
            socket_options=socket_options,
        )
        return DeadlineStream(stream, deadline=self._deadline)


class DeadlineStream(httpcore2.NetworkStream):
    """A stream whose every step may take only what is left: a byte now and then does not extend it."""

    def __init__(self, stream: httpcore2.NetworkStream, *, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Bytes from the other side; raises OutboundTimeout after the deadline."""
        return self._stream.read(max_bytes, timeout=self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send piece by piece, so that a receiver that drains slowly meets the deadline too."""
        for start in range(0, len(buffer), WRITE_PIECE_BYTES):
            self._stream.write(buffer[start : start + WRITE_PIECE_BYTES], timeout=self._deadline.left())

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        """The stream after the handshake, made out to the name that was asked for."""
        stream = self._stream.start_tls(ssl_context, server_hostname, timeout=self._deadline.left())
        return DeadlineStream(stream, deadline=self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """What the transport asks about its socket."""
        return self._stream.get_extra_info(info)
