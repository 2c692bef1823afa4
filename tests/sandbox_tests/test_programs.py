"""The programs as processes, and what they say of themselves."""

import json
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from tests.sandbox.registration import registration
from tests.services.processes import accepts, free_port

ROOT = Path(__file__).resolve().parents[2]
CONFIGS = {
    "portal": {"secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw4lTrpuZ3q1I=", "name": "Gatehouse"},
    "proctoring_tool": {},
    "assessment_tool": {},
}


def command(program: str, *, port: int, folder: Path) -> list[str]:
    """How the program is started."""
    platform = dict.fromkeys(["authorization_endpoint", "token_endpoint", "jwks_uri"], "http://localhost:1/x")
    tool = {
        "platform": {**platform, "issuer": "http://localhost:1"},
        "client_id": "c",
        "deployment_ids": ["d"],
    }
    config = folder / "config.json"
    config.write_text(json.dumps(CONFIGS[program] or tool))
    where = ["--port", str(port), "--config", str(config), "--data", str(folder / "data")]
    return [sys.executable, "-m", f"tests.sandbox.{program}", *where]


@pytest.mark.parametrize("program", CONFIGS)
def test_a_program_answers_and_stops_when_told(program: str, tmp_path: Path) -> None:
    port = free_port()
    process = subprocess.Popen(command(program, port=port, folder=tmp_path), cwd=ROOT)
    try:
        until = time.monotonic() + 30
        while not accepts(port) and time.monotonic() < until:
            time.sleep(0.1)
        assert requests.get(f"http://127.0.0.1:{port}/", timeout=10).status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    finally:
        process.kill()


def test_a_busy_port_is_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        started = command("portal", port=taken.getsockname()[1], folder=tmp_path)
        answer = subprocess.run(started, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert answer.returncode == 1
    assert answer.stderr.startswith("Contractor portal cannot listen on 127.0.0.1:")
    assert "Traceback" not in answer.stderr


def test_a_tool_describes_itself_for_registration() -> None:
    told = registration("proctoring_tool", base_url="http://127.0.0.1:9001/")
    configuration = told["https://purl.imsglobal.org/spec/lti-tool-configuration"]
    assert told["redirect_uris"] == ["http://127.0.0.1:9001/launch"]
    assert told["jwks_uri"] == "http://127.0.0.1:9001/jwks.json"
    assert configuration["domain"] == "127.0.0.1"
    assert [one["type"] for one in configuration["messages"]] == ["LtiStartProctoring", "LtiEndAssessment"]
    assert "control.all" in told["scope"]


def test_keys_outlive_a_restart(tmp_path: Path) -> None:
    from tests.sandbox.tool_key import own_key

    first, second = own_key(tmp_path), own_key(tmp_path)
    assert first == second
    assert (tmp_path / "private_key.pem").stat().st_mode & 0o777 == 0o600
    (published,) = first.jwks["keys"]
    assert (published["kid"], published["use"], published["alg"]) == (first.kid, "sig", "RS256")
    assert "d" not in published
