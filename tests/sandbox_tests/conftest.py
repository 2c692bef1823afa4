"""A platform, the tools registered with it, and a browser with a camera."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, sync_playwright

from tests.sandbox.assessment_tool.app import create_app as assessment_app
from tests.sandbox.lti import Tool
from tests.sandbox.proctoring_tool.app import create_app as proctoring_app
from tests.sandbox.shelf import Shelf
from tests.sandbox.tool_key import own_key
from tests.sandbox_tests.platform import Platform, Server
from tests.services.processes import free_port

FAKE_CAMERA = ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


@pytest.fixture
def platform() -> Iterator[Platform]:
    """A stand-in that listens on localhost."""
    platform = Platform()
    with platform.server:
        yield platform


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One key for all: making one takes a while."""
    return tmp_path_factory.mktemp("key")


def registered(platform: Platform, name: str, *, key_folder: Path, data: Path) -> Tool:
    """A tool that the platform knows, with a port of its own."""
    return Tool(
        name=name,
        config=platform.tool_config,
        key=own_key(key_folder),
        shelf=Shelf(data / f"{name}.sqlite3"),
        base_url=f"http://127.0.0.1:{free_port()}",
    )


@pytest.fixture
def watch(platform: Platform, key_folder: Path, tmp_path: Path) -> Iterator[Tool]:
    """The proctoring tool, listening."""
    tool = registered(platform, "steady-watch", key_folder=key_folder, data=tmp_path)
    platform.login_url = f"{tool.base_url}/login"
    with Server(proctoring_app(tool), port=int(tool.base_url.rpartition(":")[2])):
        yield tool


@pytest.fixture
def exams(platform: Platform, key_folder: Path, tmp_path: Path) -> Iterator[Tool]:
    """The assessment tool, listening; its thread that sends again is not running."""
    tool = registered(platform, "coldline", key_folder=key_folder, data=tmp_path)
    platform.login_url = f"{tool.base_url}/login"
    with Server(assessment_app(tool), port=int(tool.base_url.rpartition(":")[2])):
        yield tool


@pytest.fixture
def browser(chromium: Path) -> Iterator[BrowserContext]:
    """A Chromium whose camera shows a test picture."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(chromium), args=FAKE_CAMERA)
        context = started.new_context()
        context.set_default_timeout(60_000)
        yield context
        started.close()
