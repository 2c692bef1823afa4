"""What a webhook says, taken once, newest version kept."""

from typing import Any

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from tests.sandbox.shelf import Shelf

TYPES = {"certificate.issued", "certificate.renewed", "certificate.revoked", "certificate.expired"}
APPLIED, KNOWN, OUTDATED, IGNORED = "applied", "known", "outdated", "ignored"


class NotSigned(Exception):
    """The message does not come from whom it says, or not now."""


class NotUnderstood(Exception):
    """The message is signed, but its content is not what was agreed."""


def verified(secret: str, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
    """The message, if its signature and time are good (Standard Webhooks v1). Raises NotSigned, NotUnderstood."""
    try:
        message = Webhook(secret).verify(body, headers)
    except (WebhookVerificationError, ValueError) as error:
        # Malformed headers and bodies end in ValueError there.
        raise NotSigned(str(error)) from error
    if not isinstance(message, dict):
        raise NotUnderstood("no JSON object")
    return message


def take(shelf: Shelf, webhook_id: str, message: dict[str, Any]) -> str:
    """What became of it: `applied`, `known` (came before), `outdated` (a newer version is here) or `ignored`.

    Raises NotUnderstood.
    """
    if shelf.get("delivery", webhook_id):
        return KNOWN
    outcome = _apply(shelf, message) if message.get("type") in TYPES else IGNORED
    delivery = {"type": message.get("type"), "outcome": outcome, "message": message}
    shelf.put("delivery", webhook_id, delivery)
    return outcome


def _apply(shelf: Shelf, message: dict[str, Any]) -> str:
    try:
        data = message["data"]
        person, certificate = data["person"], data["certificate"]
        key = f"{person['external_id']}/{certificate['serial']}"
        version = int(certificate["version"])
        credential = data["credential"]
    except (KeyError, TypeError, ValueError) as error:
        raise NotUnderstood(f"missing or malformed: {error}") from error
    with shelf.changing("certificate", key) as kept:
        if kept and kept["certificate"]["version"] >= version:
            return OUTDATED
        kept.clear()
        kept |= {
            "person": person,
            "credential": credential,
            "certificate": {**certificate, "version": version},
        }
    return APPLIED
