"""Where everything listens: the platform on `localhost`, the world outside on `127.0.0.1`, ports in a row."""

import contextlib
import socket
from dataclasses import dataclass


@dataclass(frozen=True)
class Places:
    """The demonstration's addresses, all following the platform's port."""

    port: int
    scheme = "http"

    @property
    def ports(self) -> dict[str, int]:
        """Program → port."""
        names = ("platform", "proctoring_tool", "assessment_tool", "portal")
        return {name: self.port + offset for offset, name in enumerate(names)}

    def url(self, program: str) -> str:
        """Where a browser finds the program."""
        host = "localhost" if program == "platform" else "127.0.0.1"
        return f"{self.scheme}://{host}:{self.ports[program]}"

    @property
    def plain_http_hosts(self) -> list[str]:
        """Hosts that the guarded client may reach over plain HTTP here."""
        return [f"127.0.0.1:{port}" for name, port in self.ports.items() if name != "platform"]

    def taken(self) -> list[int]:
        """Ports that somebody else listens on."""
        return [port for port in self.ports.values() if not _is_free(port)]


def _is_free(port: int) -> bool:
    with contextlib.closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
