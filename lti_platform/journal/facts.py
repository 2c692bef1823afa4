"""What a fact is: something that happened, in the past tense, with ids and codes only (no personal data)."""

import dataclasses
from typing import Any, ClassVar, Self
from uuid import UUID

_registry: dict[str, type["Fact"]] = {}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Fact:
    """Base of every fact. A subclass names its `fact_type` ("gradebook.score_received") and its `version`.

    Fields are `UUID`, `str`, `int`, `bool` or None: ids and codes that mean the same years later.
    """

    fact_type: ClassVar[str] = ""
    version: ClassVar[int] = 1

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        _registry[cls.fact_type] = cls

    def as_payload(self) -> dict[str, Any]:
        """The fields as JSON-ready values."""
        return {
            name: str(value) if isinstance(value, UUID) else value
            for name, value in dataclasses.asdict(self).items()
        }

    @classmethod
    def from_payload(cls, payload: dict[str, Any]) -> Self:
        """The fact as it was recorded; fields added since then take their defaults."""
        known = {field.name: field for field in dataclasses.fields(cls)}
        return cls(
            **{
                name: UUID(value) if "UUID" in str(known[name].type) and value is not None else value
                for name, value in payload.items()
                if name in known
            }
        )


def fact_class(fact_type: str) -> type[Fact]:
    """The class of a recorded fact. KeyError when no installed package knows it."""
    return _registry[fact_type]
