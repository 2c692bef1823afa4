"""Custom parameters: whole values, strings, and nothing that was not asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_platform.launches.substitution import as_string, is_variable, substituted


@given(st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers()))
def test_every_stored_value_becomes_a_trimmed_string(value: object) -> None:
    said = as_string(value)
    assert isinstance(said, str)
    assert said == said.strip()


@pytest.mark.parametrize("value", ["$User.id", "$com.example.Foo_1.bar", "$A"])
def test_a_whole_value_is_a_variable(value: str) -> None:
    assert is_variable(value)


@pytest.mark.parametrize(
    "value", ["User.id", "$", "$1", "a $User.id", "$User.id ", "$$User.id", "", "$User/id"]
)
def test_anything_else_is_text(value: str) -> None:
    assert not is_variable(value)
    assert substituted(value, variables={"User.id": "u"}) == value


def test_an_unknown_variable_passes_unresolved() -> None:
    assert substituted("$Person.gender", variables={}) == "$Person.gender"


def test_a_known_empty_variable_is_empty() -> None:
    assert substituted("$Context.id.history", variables={"Context.id.history": ""}) == ""
