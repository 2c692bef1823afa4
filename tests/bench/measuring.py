"""Driving a server one request after another, and what that cost."""

import http.client
import itertools
import statistics
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from tests.bench.figures import Asking
from tests.bench.server import Server
from tests.bench.wire import Counter
from tests.tool_keys import tool_key


class BadAnswer(Exception):
    """A measured request was refused: the figure would say nothing."""


@dataclass(frozen=True)
class Cost:
    """Milliseconds of one request: the server's CPU time, and the time until the answer was read."""

    cpu_ms: float
    wall_ms: list[float]


class Client:
    """A plain HTTP client on one connection kept open."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def ask(self, asking: Asking) -> float:
        """Milliseconds until the answer was read. Raises BadAnswer."""
        headers = {"Host": f"localhost:{self.port}", **asking.headers}
        began = time.perf_counter()
        self.connection.request(asking.method, asking.path, asking.body or None, headers)
        answer = self.connection.getresponse()
        body = answer.read().decode()
        took = (time.perf_counter() - began) * 1000
        if answer.status >= 300 or asking.expects not in body:
            raise BadAnswer(f"{asking.method} {asking.path}: {answer.status} {body[:2000]}")
        return took


def cost(server: Server, askings: list[Asking]) -> Cost:
    """What these requests cost, each, one after another."""
    client = Client(server.port)
    before = server.cpu_seconds()
    walls = [client.ask(asking) for asking in askings]
    spent = server.cpu_seconds() - before
    return Cost(cpu_ms=spent * 1000 / len(walls), wall_ms=walls)


def queries(server: Server, askings: Iterable[Asking], *, counter: Counter) -> list[list[str]]:
    """The statements that each request sent to the database."""
    client, seen = Client(server.port), []
    for asking in askings:
        before = len(counter.statements)
        client.ask(asking)
        seen.append(counter.statements[before:])
    return seen


def signature_ms(*, times: int) -> float:
    """CPU milliseconds of one raw RSA-2048 signature on this machine, now."""
    key, message = tool_key().private, b"x" * 1000
    key.sign(message, PKCS1v15(), SHA256())
    began = time.thread_time()
    for _ in range(times):
        key.sign(message, PKCS1v15(), SHA256())
    return (time.thread_time() - began) * 1000 / times


def take(source: Iterator[Asking], count: int) -> list[Asking]:
    """The next requests, made before anything is timed."""
    return list(itertools.islice(source, count))


def median(values: Iterable[float]) -> float:
    """The one in the middle."""
    return statistics.median(values)
