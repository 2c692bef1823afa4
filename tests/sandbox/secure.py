"""The sandbox over HTTPS: a server whose handshakes keep nobody else waiting."""

import ssl
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.serving import ThreadedWSGIServer


class SecureServer(ThreadedWSGIServer):
    """Each handshake happens in its connection's own thread."""

    def __init__(self, host: str, port: int, app: Flask, *, certificate: Path) -> None:
        super().__init__(host, port, app)
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificate)
        self.ssl_context = self.tls  # says that addresses begin with https

    def get_request(self) -> tuple[Any, Any]:
        """The next connection, its handshake still to come."""
        connection, address = super().get_request()
        connection.settimeout(60)
        wrapped = self.tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return wrapped, address

    def run(self) -> None:
        """Answers until the program is told to stop."""
        self.serve_forever()

    def close(self) -> None:
        """Stops listening."""
        self.server_close()
