import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from lti_platform.tools.models import Registration
from tests.factories import make_organization
from tests.lti_platform.tools.descriptions import request_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.lti_platform.tools.urls")]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tool.json"
    path.write_text(json.dumps(request_of()))
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: Any) -> dict[str, Any]:
    """What the command prints, as JSON."""
    call_command("register_tool", *arguments)
    printed: dict[str, Any] = json.loads(capsys.readouterr().out)
    return printed


def test_the_command_prints_what_the_tool_must_know(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    printed = run(capsys, file)
    registration = Registration.objects.get()
    assert printed["client_id"] == registration.client_id
    assert printed["deployment_id"] == registration.deployments.get().deployment_id
    assert printed["token_endpoint"].endswith("/lti/token")


def test_the_command_takes_organization_and_privacy(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    acme = make_organization("Acme")
    run(capsys, file, "--organization", "Acme", "--privacy", "anonymous")
    registration = Registration.objects.get()
    assert (registration.organization, registration.privacy) == (acme, "anonymous")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "is not a JSON object"),
        ("[]", "is not a JSON object"),
        (json.dumps(request_of(redirect_uris=None)), "redirect_uris: is missing"),
    ],
)
def test_what_is_wrong_with_the_file_is_said(file: Path, content: str, words: str) -> None:
    file.write_text(content)
    with pytest.raises(CommandError, match=words):
        call_command("register_tool", file)
    assert not Registration.objects.exists()


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("register_tool", tmp_path / "none.json")


def test_an_organization_nobody_knows_is_said(file: Path) -> None:
    with pytest.raises(CommandError, match="No organization"):
        call_command("register_tool", file, "--organization", "Nowhere")
