"""What can go wrong with a certificate. Each has a stable `code`."""


class CertificateError(Exception):
    """Base of this package's errors."""

    code = "certificate_error"


class AlreadyRevoked(CertificateError):
    """The certificate was revoked before; the first reason stands."""

    code = "already_revoked"


class ReasonMissing(CertificateError):
    """Nobody's certificate is withdrawn without a reason."""

    code = "reason_missing"
