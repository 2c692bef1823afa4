from dataclasses import dataclass
from typing import ClassVar

from lti_platform.journal.facts import Fact


@dataclass(frozen=True, kw_only=True)
class Probed(Fact):
    """`name` is written by the reaction, after `seconds`; `fails` makes it fail."""

    fact_type: ClassVar[str] = "tests.probed"
    name: str
    seconds: int = 0
    fails: bool = False


@dataclass(frozen=True, kw_only=True)
class ProbedAtLength(Fact):
    """Its reaction takes long."""

    fact_type: ClassVar[str] = "tests.probed_at_length"
    name: str
    fails: bool = False
