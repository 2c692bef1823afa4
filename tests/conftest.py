"""Fixtures that every package's tests share."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import SimpleTestCase
from django.utils import timezone, translation
from hypothesis import settings as hypothesis_settings

from keys.models import SigningKey
from keys.rotation import ensure_keys
from keys.signing import forget_cached_keys
from lti_platform.journal.working import run_due
from lti_platform.people.models import Person
from tests.calling import CallingTool, make_tool
from tests.clocks import stopped
from tests.factories import lena, make_membership
from tests.proctoring.browsing import BrowserDay
from tests.services.chromium import ChromiumMissing
from tests.services.chromium import chromium as find_chromium
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


AGAINST = {"test_every_address.py", "test_mangled.py", "test_mangled_everywhere.py", "test_any_valid.py"}
# Begun first, or one process works on when the others are done.
LONGEST = ("test_killed_worker", "camera", "test_pages")


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Tests beside real servers run in one process, and so do those of a file that open a browser.

    Those of which one run is enough are marked.
    """
    for item in items:
        if group := _group(item):
            item.add_marker(pytest.mark.xdist_group(group))
        if item.path.name in AGAINST:
            item.add_marker(pytest.mark.against)
        elif not _asks_the_database(item) or _is_about_words(item):
            item.add_marker(pytest.mark.apart)
    yield
    items.sort(key=_turn)


@pytest.fixture
def now() -> datetime:
    """A Monday morning on which nothing else happens."""
    return datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_language() -> None:
    """The language of the last page that a test before this one drew is none of this one's."""
    translation.deactivate()


@pytest.fixture
def tool() -> CallingTool:
    """A tool in a course, which calls our services."""
    return make_tool()


@pytest.fixture
def learner(tool: CallingTool) -> Person:
    """Lena learns in the course of the tool."""
    person = lena()
    make_membership(person, tool.context)
    return person


@pytest.fixture
def story() -> BrowserDay:
    """Lena is checking in."""
    story = BrowserDay()
    story.day.begin()
    return story


@pytest.fixture
def running(story: BrowserDay) -> BrowserDay:
    """Lena's clock runs."""
    story.day.check_in()
    return story


_key_rows: list[SigningKey] = []


@pytest.fixture(autouse=True)
def platform_keys(request: pytest.FixtureRequest) -> None:
    """Signing keys in the database of every test that has one; made once per process, since making them is slow.

    The tests of the keys themselves begin without.
    """
    wants_database = request.node.get_closest_marker("django_db") or {"db", "transactional_db"} & set(
        request.fixturenames
    )
    if not wants_database or "tests/keys/" in request.node.nodeid:
        return
    request.getfixturevalue("_django_db_helper")
    forget_cached_keys()
    if _key_rows:
        SigningKey.objects.bulk_create(_key_rows)
    else:
        ensure_keys(now=timezone.now())
        _key_rows.extend(SigningKey.objects.all())


def _group(item: pytest.Item) -> str:
    """What one process runs by itself: servers are started once, and one camera records at a time."""
    if item.get_closest_marker("camera"):
        return "camera"
    if item.get_closest_marker("browser"):
        return item.path.parent.name if item.path.parent.name == "other_stacks" else item.path.stem
    return "services" if item.get_closest_marker("services") else ""


def _turn(item: pytest.Item) -> int:
    group = _group(item)
    return LONGEST.index(group) if group in LONGEST else len(LONGEST)


def _is_about_words(item: pytest.Item) -> bool:
    """Clauses of the standards: what is said and answered, whatever keeps it; but for what is good once."""
    return item.path.parent.name == "conformance" and item.path.name != "test_used_once.py"


def _asks_the_database(item: pytest.Item) -> bool:
    is_case = issubclass(getattr(item, "cls", None) or object, SimpleTestCase)
    asks = {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
    return is_case or bool(asks) or item.get_closest_marker("django_db") is not None


@pytest.fixture
def settle(now: datetime) -> Callable[..., int]:
    """Works off every reaction that is due, in this process, to the end; call it with `now=` to let time pass."""

    def settled(*, now: datetime = now) -> int:
        return run_due(now=now, clock=stopped(now))

    return settled


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
def chromium() -> Path:
    """The browser's program; a machine that can have none fails the test with the reason."""
    try:
        return find_chromium()
    except ChromiumMissing as missing:
        pytest.fail(str(missing))


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
