"""The one frozen value from which a certificate's PDF, proof page and deliveries are drawn."""

from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True, kw_only=True)
class CertificateFacts:
    """What a certificate says, as of its issue. Dates are ISO; `score_percent` has two decimals at most."""

    serial: str
    given_name: str
    family_name: str
    employee_id: str
    organization: str
    issuer: str
    credential_code: str
    course_id: str
    title: str
    title_es: str
    issued_on: str
    expires_on: str
    questions: int
    pass_mark_percent: str
    score_percent: str
    is_reviewed: bool  # a person judged the session
    is_proctored: bool
    case_number: int

    def as_json(self) -> dict[str, Any]:
        """For storing beside the certificate."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        """The value stored at issue."""
        return cls(**value)

    @property
    def full_name(self) -> str:
        """As printed."""
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def initials(self) -> str:
        """All of the name that the public proof shows."""
        return " ".join(f"{name[0]}." for name in (self.given_name, self.family_name) if name)

    def title_in(self, language: str) -> str:
        """The credential's title in `en` or `es`."""
        return self.title_es if language.startswith("es") and self.title_es else self.title
