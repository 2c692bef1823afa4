"""One-time hints and references: made at the start of a launch, known again at its authorization."""

import hashlib
import secrets

# No vowels, so that no word appears; no 0, 1, I, L, O, so that it can be read aloud.
REFERENCE_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"
HINT_BYTES = 32


def new_hint() -> str:
    """A value of 256 random bits, safe in an address; only its digest is kept."""
    return secrets.token_urlsafe(HINT_BYTES)


def digest(value: str) -> str:
    """SHA-256 (hex) of a hint or of a session key."""
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()


def new_reference() -> str:
    """'7K3-QF2': short enough to say on the phone, one of 480 million."""
    letters = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(6))
    return f"{letters[:3]}-{letters[3:]}"
