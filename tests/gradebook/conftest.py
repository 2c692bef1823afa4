"""Who is graded."""

import pytest

from gradebook.models import LineItem
from lti_platform.people.models import Person
from tests.factories import lena, make_membership


@pytest.fixture
def learner(item: LineItem) -> Person:
    """Lena learns in the course of the item."""
    person = lena()
    make_membership(person, item.context)
    return person
