"""What can be wrong with a tool's keys, in words for whoever has to tell the vendor."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from keys.errors import KeySetRefused
from keys.jwks import MISSING_KID, KeySetProblem
from lti_platform.tools import key_sets

WORDS: dict[str, str | Promise] = {
    "missing_kid": _("A key has no key id (kid). Every key needs one, even a single one."),
    "duplicate_kid": _("Two different keys share this key id (kid). Each needs its own."),
    "weak_modulus": _("It is shorter than 2048 bits: they make a longer one."),
    "not_rsa": _("It is no RSA key (kty). We verify RS256 alone."),
    "use_not_signature": _("It is not for signatures: its use must be “sig”."),
    "key_ops_not_verify": _("It is not for verifying: its key_ops must hold “verify”."),
    "unreadable_key": _("Its numbers (n, e) can’t be read as a key."),
    "private_key_published": _(
        "It is a private key, for all to read. They withdraw it now and make a new one."
    ),
}


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """One key and what is wrong with it; `kid` is empty for a key without."""

    kid: str
    code: str

    @property
    def words(self) -> str | Promise:
        """What is wrong, and what they do about it."""
        return WORDS.get(self.code, self.code)

    def as_pair(self) -> list[str]:
        """As it is kept."""
        return [self.kid, self.code]


def in_words(troubles: Iterable[Trouble]) -> str:
    """What is wrong with each, behind its name where it has one; sentences."""
    return " ".join(f"“{one.kid}”: {one.words}" if one.kid else str(one.words) for one in troubles)


def troubles_of(problems: Iterable[KeySetProblem]) -> tuple[Trouble, ...]:
    """Each once, in the order of the set."""
    return tuple(dict.fromkeys(Trouble(kid=problem.kid, code=problem.code) for problem in problems))


def troubles_of_text(text: str) -> tuple[int, tuple[Trouble, ...]]:
    """How many keys of the set may sign, and the trouble with its keys."""
    try:
        key_set = key_sets.parsed(text)
    except KeySetRefused as refusal:
        return 0, troubles_of(refusal.problems)
    return len(key_set.keys) + len(key_set.unnamed), troubles_of(key_set.problems)


def troubles_of_pasted(text: str) -> tuple[int, tuple[Trouble, ...]]:
    """The same for a pasted set, where a key that is alone needs no name."""
    keys, troubles = troubles_of_text(text)
    if keys == 1:
        troubles = tuple(trouble for trouble in troubles if trouble.code != MISSING_KID)
    return keys, troubles
