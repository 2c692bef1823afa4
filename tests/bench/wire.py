"""A door in front of PostgreSQL that counts what passes: the statements as they travel, whoever sent them."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

# The frames of transactions and the settings of a connection ask nothing about the data.
FRAMES = (b"BEGIN", b"START", b"COMMIT", b"ROLLBACK", b"SAVEPOINT", b"RELEASE", b"SET ")
ENCRYPTION_REQUESTS = (80877103, 80877104)
CHUNK_BYTES = 65536


class Counter:
    """Statements seen so far; `statements` keeps their texts in order."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def saw(self, text: bytes) -> None:
        if text and not text.upper().startswith(FRAMES):
            self.statements.append(text.decode(errors="replace"))


class Reader:
    """Takes one client's bytes apart (PostgreSQL message flow 3.0) and tells the counter each statement."""

    def __init__(self, counter: Counter) -> None:
        self.counter, self.waiting, self.has_started = counter, b"", False

    def feed(self, data: bytes) -> None:
        self.waiting += data
        while self._take():
            pass

    def _take(self) -> bool:
        kind_bytes = 1 if self.has_started else 0
        if not self._is_whole(kind_bytes):
            return False
        end = kind_bytes + self._length(kind_bytes)
        kind, body = self.waiting[:kind_bytes], self.waiting[kind_bytes + 4 : end]
        self.waiting = self.waiting[end:]
        self._judge(kind, body)
        return True

    def _length(self, kind_bytes: int) -> int:
        return int.from_bytes(self.waiting[kind_bytes : kind_bytes + 4], "big")

    def _is_whole(self, kind_bytes: int) -> bool:
        return len(self.waiting) >= kind_bytes + 4 and len(self.waiting) >= kind_bytes + self._length(
            kind_bytes
        )

    def _judge(self, kind: bytes, body: bytes) -> None:
        if not self.has_started:
            self.has_started = int.from_bytes(body[:4], "big") not in ENCRYPTION_REQUESTS
        elif kind == b"Q":
            self.counter.saw(body.rstrip(b"\0").lstrip())
        elif kind == b"P":
            self.counter.saw(body.split(b"\0")[1].lstrip())


@contextmanager
def counting(address: str) -> Iterator[tuple[str, Counter]]:
    """An address like `address` whose statements are counted while the block runs."""
    counter, parts = Counter(), urlsplit(address)
    behind = (parts.hostname or "127.0.0.1", parts.port or 5432)
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
        threading.Thread(target=_accept, args=(door, behind, counter), daemon=True).start()
        yield parts._replace(netloc=f"{parts.username or 'postgres'}@127.0.0.1:{port}").geturl(), counter


def _accept(door: socket.socket, behind: tuple[str, int], counter: Counter) -> None:
    with suppress(OSError):
        while True:
            client, _ = door.accept()
            server = socket.create_connection(behind)
            for one in (client, server):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            reader = Reader(counter)
            threading.Thread(target=_pass, args=(client, server, reader), daemon=True).start()
            threading.Thread(target=_pass, args=(server, client, None), daemon=True).start()


def _pass(source: socket.socket, target: socket.socket, reader: Reader | None) -> None:
    with suppress(OSError), source, target:
        while data := source.recv(CHUNK_BYTES):
            if reader:
                reader.feed(data)
            target.sendall(data)
