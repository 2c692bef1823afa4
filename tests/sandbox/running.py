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


def arguments(program: str) -> Arguments:
    """The command line, read; ends the program with a sentence if it cannot be used."""
    parser = argparse.ArgumentParser(prog=f"python -m tests.sandbox.{program}")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--config", type=Path, required=True, help="a JSON file")
    parser.add_argument("--data", type=Path, required=True, help="a folder of its own")
    parser.add_argument("--base-url", default="", help="how browsers reach it, if not http://127.0.0.1:PORT")
    given = parser.parse_args()
    base_url = (given.base_url or f"http://{HOST}:{given.port}").rstrip("/")
    return Arguments(port=given.port, config=_read(given.config), data=given.data, base_url=base_url)


def serve(app: Flask, *, port: int, title: str) -> None:
    """Answers on the loopback address until SIGTERM or Ctrl-C; a port in use is a sentence, not a traceback."""
    signal.signal(signal.SIGTERM, _stop)
    try:
        server = create_server(app, host=HOST, port=port, threads=THREADS, max_request_body_size=MOST_BYTES)
    except OSError as error:
        _fail(f"{title} cannot listen on {HOST}:{port}: {error.strerror}. Choose another port with --port.")
    print(f"{title}: http://{HOST}:{port}", flush=True)
    server.run()
    server.close()


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
