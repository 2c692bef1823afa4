"""One demonstration for all of the tools, and a browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.world import browser, world
from tests.other_stacks.story import Course, Stage
from tests.services.node import NodePackagesMissing, ensure_packages
from tests.services.processes import free_port

TOOLS = ("ltijs", "lti_tool")


@pytest.fixture(scope="session")
def packages() -> None:
    """The libraries; a machine that cannot fetch them fails the test with the reason."""
    try:
        ensure_packages()
    except NodePackagesMissing as missing:
        pytest.fail(str(missing))


@pytest.fixture(scope="package")
def stage() -> Iterator[Stage]:
    """The platform in processes of its own, which may speak plain HTTP to these tools."""
    ports = {name: free_port() for name in TOOLS}
    hosts = ",".join(f"127.0.0.1:{port}" for port in ports.values())
    with world(OUTBOUND_PLAIN_HTTP_HOSTS=hosts) as made:
        yield Stage(made, ports)


@pytest.fixture(scope="package")
def chrome() -> Iterator[Browser]:
    with browser() as launched:
        yield launched


@pytest.fixture(scope="package")
def course(stage: Stage, chrome: Browser) -> Course:
    """Ada's course, with her as its instructor and four learners."""
    return Course.staffed(stage, chrome)
