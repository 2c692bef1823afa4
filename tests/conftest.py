"""Fixtures that every package's tests share."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.conf import LazySettings
from hypothesis import settings as hypothesis_settings

from tests.services.postgres import postgres as postgres_server
from tests.services.receiver import Receiver
from tests.services.seaweed import ObjectStore
from tests.services.seaweed import seaweed as seaweed_server
from tests.services.smtp import Mailbox
from tests.services.smtp import smtp as smtp_server
from tests.services.valkey import valkey as valkey_server

# Timings on a shared machine say nothing; the same examples each time, so that a red run can be repeated.
hypothesis_settings.register_profile("ci", deadline=None, derandomize=True, max_examples=100, database=None)
hypothesis_settings.register_profile("search", deadline=None, max_examples=5000)
hypothesis_settings.load_profile("ci")


@pytest.fixture
def now() -> datetime:
    """A Monday morning on which nothing else happens."""
    return datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


@pytest.fixture
def local_hosts(settings: LazySettings) -> list[str]:
    """Allow the outbound client to speak plain HTTP to servers that the test runs on loopback."""
    hosts = ["127.0.0.1", "localhost"]
    settings.OUTBOUND_PLAIN_HTTP_HOSTS = hosts
    return hosts


@pytest.fixture
def receiver(local_hosts: list[str]) -> Iterator[Receiver]:
    """A web server of the outside world that answers as told, allowed through the guard."""
    with Receiver() as server:
        yield server


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server that keeps what it is given."""
    with smtp_server() as box:
        yield box


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL for processes that the test starts; `new_database` makes room on it."""
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def seaweed() -> Iterator[ObjectStore]:
    """An S3 server with Object Lock; each test makes its own bucket."""
    with seaweed_server() as store:
        yield store


@pytest.fixture(scope="session")
def valkey() -> Iterator[str]:
    """The address of a Valkey for Celery; each test uses queues of its own."""
    with valkey_server() as url:
        yield url
