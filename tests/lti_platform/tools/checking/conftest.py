import pytest

from tests.lti_platform.outbound.conftest import authority, names
from tests.lti_platform.tools.checking.vendor import Vendor
from tests.services.receiver import Receiver

__all__ = ["authority", "names"]


@pytest.fixture
def vendor(receiver: Receiver) -> Vendor:
    """A vendor in good health, on plain HTTP."""
    return Vendor(receiver)
