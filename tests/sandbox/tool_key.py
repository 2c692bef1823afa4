"""A tool's own RSA key: made at its first start, kept in its data folder, published as a key set."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pylti1p3.registration import Registration


@dataclass(frozen=True)
class ToolKey:
    """The key pair as PEM."""

    private: str
    public: str

    @property
    def kid(self) -> str:
        """RFC 7638 thumbprint."""
        return str(Registration.get_jwk(self.public)["kid"])

    @property
    def jwks(self) -> dict[str, Any]:
        """The public half, as others fetch it."""
        return {"keys": [dict(Registration.get_jwk(self.public))]}

    def sign(self, claims: dict[str, Any]) -> str:
        """A compact JWT, RS256."""
        return jwt.encode(claims, self.private, algorithm="RS256", headers={"kid": self.kid})


def own_key(folder: Path) -> ToolKey:
    """The key in this folder; made if there is none yet."""
    path = folder / "private_key.pem"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _make(path)
    private = serialization.load_pem_private_key(path.read_bytes(), password=None)
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return ToolKey(private=path.read_text(), public=public.decode())


def _make(path: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
