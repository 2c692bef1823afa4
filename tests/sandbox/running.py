"""Starting a program of the sandbox: its arguments, its configuration file, its server."""

import argparse
import json
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from flask import Flask
from waitress import create_server

from tests.sandbox.secure import SecureServer

HOST = "127.0.0.1"
THREADS = 8
MOST_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Arguments:
    """Where the program listens, what it was told, and where it keeps its things."""

    port: int
    config: dict[str, Any]
    data: Path
    base_url: str
    certificate: Path | None = None


def arguments(program: str) -> Arguments:
    """The command line, read; ends the program with a sentence if it cannot be used."""
    parser = argparse.ArgumentParser(prog=f"python -m tests.sandbox.{program}")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--config", type=Path, required=True, help="a JSON file")
    parser.add_argument("--data", type=Path, required=True, help="a folder of its own")
    parser.add_argument("--base-url", default="", help="how browsers reach it, if not at its own address")
    parser.add_argument("--certificate", type=Path, help="serve HTTPS with this key and certificate (PEM)")
    parser.add_argument("--authority", type=Path, help="whom to trust beside the public authorities (PEM)")
    given = parser.parse_args()
    own = f"{'https' if given.certificate else 'http'}://{HOST}:{given.port}"
    trusted = {"ca_file": str(given.authority)} if given.authority else {}
    return Arguments(
        port=given.port,
        config={**_read(given.config), **trusted},
        data=given.data,
        base_url=(given.base_url or own).rstrip("/"),
        certificate=given.certificate,
    )


def serve(app: Flask, *, port: int, title: str, certificate: Path | None = None) -> None:
    """Answers on the loopback address until SIGTERM or Ctrl-C; a port in use is a sentence, not a traceback."""
    signal.signal(signal.SIGTERM, _stop)
    try:
        server = _server(app, port=port, certificate=certificate)
    except OSError as error:
        _fail(f"{title} cannot listen on {HOST}:{port}: {error.strerror}. Choose another port with --port.")
    print(f"{title}: {'https' if certificate else 'http'}://{HOST}:{port}", flush=True)
    server.run()
    server.close()


def _server(app: Flask, *, port: int, certificate: Path | None) -> Any:
    if certificate:
        return SecureServer(HOST, port, app, certificate=certificate)
    return create_server(app, host=HOST, port=port, threads=THREADS, max_request_body_size=MOST_BYTES)


def _read(path: Path) -> dict[str, Any]:
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        _fail(f"{path} cannot be read as JSON: {error}")
    if not isinstance(config, dict):
        _fail(f"{path} holds no JSON object.")
    return config


def _stop(*_: object) -> NoReturn:
    raise SystemExit(0)


def _fail(sentence: str) -> NoReturn:
    print(sentence, file=sys.stderr)
    raise SystemExit(1)
