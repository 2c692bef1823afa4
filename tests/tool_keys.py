"""A tool's RSA key, for tests that speak as a tool."""

import time
import uuid
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm


class ToolKey:
    """One RSA key with its `kid`; made once per test process and name (making one costs 50 ms)."""

    def __init__(self, kid: str, *, bits: int = 2048) -> None:
        self.kid = kid
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=bits)

    @property
    def jwk(self) -> dict[str, Any]:
        """The public key as a JWK."""
        public = RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return {**public, "kid": self.kid, "alg": "RS256", "use": "sig"}

    @property
    def jwks(self) -> dict[str, Any]:
        """A key set with this key alone."""
        return {"keys": [self.jwk]}

    def sign(self, claims: dict[str, Any], *, headers: dict[str, Any] | None = None) -> str:
        """A compact RS256 JWT with this key's `kid`, which `headers` may replace."""
        return jwt.encode(
            claims, self.private, algorithm="RS256", headers={"kid": self.kid, **(headers or {})}
        )


@cache
def tool_key(kid: str = "tool-key-1") -> ToolKey:
    """The test process's key of this name."""
    return ToolKey(kid)


def assertion_claims(
    client_id: str, *, audience: str, at: float | None = None, **changes: Any
) -> dict[str, Any]:
    """A good client assertion (LTI Security Framework 4.1.1), with `changes`; None removes a claim."""
    at = time.time() if at is None else at
    claims: dict[str, Any] = {
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "iat": int(at),
        "exp": int(at) + 300,
        "jti": uuid.uuid4().hex,
    }
    return {name: value for name, value in {**claims, **changes}.items() if value is not None}
