"""Whom the proctoring tool says it checked, held against whom we know (Proctoring Services 1.0, verified_user).

Only what the platform told the tool is compared: what was never told cannot have been checked by it.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from lti_platform.tools import privacy
from proctoring import incidents
from proctoring.models import Attempt, Exam, Session

Policy = Exam.IdentityPolicy
PARTS = ("given_name", "family_name")
FULL = ("name", "full_name")  # some tools write the one for the other
SEVERITY = {Policy.FLAG: "0.6", Policy.HOLD: "0.9"}
_APOSTROPHES = re.compile("['’`´]")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Which claims were compared, which of them differ, and whether the picture is one of ours."""

    compared: tuple[str, ...]
    differing: tuple[str, ...]
    is_our_picture: bool


def judge(session: Session, *, attempt: Attempt, now: datetime) -> None:
    """Keeps as incidents, under the policy pinned at the attempt's start, what speaks against the person.

    `attempt` is locked. Under `hold`, a session in which nothing was confirmed is one too.
    """
    policy = Policy(attempt.policy.get("identity_policy", Policy.IGNORE))
    if policy == Policy.IGNORE:
        return
    for code in codes(comparison_of(session), policy=policy):
        incidents.notice(
            attempt, code, now=now, severity=SEVERITY[policy], about=str(session.id), session=session
        )


def codes(found: Comparison, *, policy: Policy) -> list[str]:
    """The codes of the incidents that a comparison leads to."""
    said = {
        "identity_differs": bool(found.differing),
        "identity_picture_ours": found.is_our_picture,
        "identity_unverified": policy == Policy.HOLD and not found.compared,
    }
    return [code for code, holds in said.items() if holds]


def comparison_of(session: Session) -> Comparison:
    """The session's verified_user against what its tool was told of the person."""
    return compare(session.verified_user, supplied=supplied_to(session))


def supplied_to(session: Session) -> dict[str, Any]:
    """The identity claims that the session's tool gets under its privacy level."""
    return privacy.identity_claims(session.attempt.person, level=session.deployment.registration.privacy)


def compare(verified: Mapping[str, Any], *, supplied: Mapping[str, Any]) -> Comparison:
    """Names by their words, whatever case, accents and order; e-mail addresses whatever case; pictures exactly."""
    judged = {**_full_names(verified, supplied=supplied), **_name_parts(verified, supplied=supplied)}
    if verified.get("email") and supplied.get("email"):
        judged["email"] = str(verified["email"]).casefold() == str(supplied["email"]).casefold()
    return Comparison(
        compared=tuple(judged),
        differing=tuple(name for name, agrees in judged.items() if not agrees),
        is_our_picture=is_ours(str(verified.get("picture", "")), supplied=supplied),
    )


def is_ours(picture: str, *, supplied: Mapping[str, Any]) -> bool:
    """Whether the picture is one the platform holds: a tool must send one that it took itself."""
    lies_here = picture.startswith(f"{settings.PLATFORM_URL}/")
    return bool(picture) and (lies_here or picture == supplied.get("picture"))


def words_of(name: str) -> Counter[str]:
    """The words of a name without case, accents and punctuation: "Núñez-Ruiz, José" is jose, nunez, ruiz."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return Counter(_WORD.findall(_APOSTROPHES.sub("", plain)))


def is_within(known: str, said: str) -> bool:
    """Whether every word that we have is among those said: a photo ID may show more names than we keep."""
    return words_of(known) <= words_of(said)


def _full_names(verified: Mapping[str, Any], *, supplied: Mapping[str, Any]) -> dict[str, bool]:
    known = str(supplied.get("name") or _joined(supplied, PARTS))
    said = {name: str(verified[name]) for name in FULL if verified.get(name)}
    return {name: is_within(known, value) for name, value in said.items()} if words_of(known) else {}


def _name_parts(verified: Mapping[str, Any], *, supplied: Mapping[str, Any]) -> dict[str, bool]:
    """Those of given and family name that both sides have, taken together: forms and papers swap them."""
    both = tuple(name for name in PARTS if verified.get(name) and supplied.get(name))
    agrees = is_within(_joined(supplied, both), _joined(verified, both))
    return dict.fromkeys(both, agrees)


def _joined(claims: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return " ".join(str(claims.get(name) or "") for name in names)
