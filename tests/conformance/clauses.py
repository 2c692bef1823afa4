"""What the tests of clauses share."""

import pytest


def clause(name: str) -> pytest.MarkDecorator:
    """Puts the clause into the test's id."""
    return pytest.mark.parametrize("clause", [pytest.param(name, id=name)])
