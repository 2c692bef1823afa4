"""What a signing key is for. No key serves two, so no signature passes for another kind."""

from enum import StrEnum


class Purpose(StrEnum):
    """SEAL signs evidence manifests and the journal; WEBHOOK is for destinations asking for RSA.

    TOOL signs what we say as a tool of another platform.
    """

    ID_TOKEN = "id_token"  # noqa: S105  (a name, not a secret)
    ACCESS_TOKEN = "access_token"  # noqa: S105  (a name, not a secret)
    SEAL = "seal"
    CREDENTIAL = "credential"
    WEBHOOK = "webhook"
    TOOL = "tool"
