"""A name server in Mallory's hands."""

import socket
from collections import deque
from typing import Any

import pytest

_system = socket.getaddrinfo


class Names:
    """Answers for the names it was given; numbers are left to the system; every name asked for is kept."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._answers: dict[str, deque[tuple[str, ...]]] = {}

    def set(self, name: str, *addresses: str) -> None:
        """Answer so from now on."""
        self._answers[name] = deque([addresses])

    def rebind(self, name: str, *, first: str, then: str) -> None:
        """Answer the first question differently from all later ones."""
        self._answers[name] = deque([(first,), (then,)])

    def getaddrinfo(self, host: str, port: int, *rest: Any, **named: Any) -> Any:
        """In place of the system's."""
        if host in self._answers:
            self.asked.append(host)
            answers = self._answers[host]
            addresses = answers.popleft() if len(answers) > 1 else answers[0]
            return [found for address in addresses for found in _system(address, port, *rest, **named)]
        if host.endswith(".example"):
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return _system(host, port, *rest, **named)


def install(monkeypatch: pytest.MonkeyPatch) -> Names:
    """Put it in place of the system's resolver for one test."""
    names = Names()
    monkeypatch.setattr(socket, "getaddrinfo", names.getaddrinfo)
    return names
