from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from keys.signing import forget_cached_keys
from tests.keys.processes import SharedDatabase
from tests.keys.standing import install_standing_keys

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def standing_keys(db: None, now: datetime) -> None:
    install_standing_keys(now=now)


@pytest.fixture(autouse=True)
def _no_keys_from_the_test_before() -> Iterator[None]:
    forget_cached_keys()
    yield
    forget_cached_keys()


@pytest.fixture
def shared_database(tmp_path: Path, transactional_db: None) -> SharedDatabase:
    """A database other processes can reach: the test's own on PostgreSQL, else a file."""
    key_file = tmp_path / "key_encryption_key"
    if connection.vendor == "postgresql":
        names = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")
        return SharedDatabase({name: connection.settings_dict[name] for name in names}, key_file)
    options = {"transaction_mode": "IMMEDIATE", "timeout": 20}
    settings = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(tmp_path / "db.sqlite3"),
        "OPTIONS": options,
    }
    shared = SharedDatabase(settings, key_file)
    migrate = "from django.core.management import call_command; call_command('migrate', 'keys', verbosity=0)"
    shared.ask(f"{migrate}; answer(1)", expected=1)
    return shared
