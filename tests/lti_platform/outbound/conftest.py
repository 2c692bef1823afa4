"""Mallory's name server and a partner's TLS server."""

from pathlib import Path

import pytest

from tests.lti_platform.outbound import names as name_server
from tests.lti_platform.outbound.authority import Authority


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> name_server.Names:
    """Names that lead where the test says."""
    return name_server.install(monkeypatch)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A certificate authority of a partner's own."""
    folder: Path = tmp_path_factory.mktemp("authority")
    return Authority(folder)
