"""Whom the gate lets in: one credential that is valid today is enough."""

from datetime import date
from typing import Any

OPENS, CLOSED = "● Gate opens", "■ Gate stays closed"


def why_not(certificate: dict[str, Any], *, on: date) -> str:
    """Why the certificate opens no gate on this day; empty if it does. Its last day counts."""
    if certificate["status"] == "revoked":
        return "revoked"
    expires_on = certificate.get("expires_on")
    if expires_on and date.fromisoformat(expires_on[:10]) < on:
        return f"expired on {expires_on[:10]}"
    return "" if certificate["status"] == "valid" else str(certificate["status"])


def workers(entries: list[dict[str, Any]], *, on: date) -> list[dict[str, Any]]:
    """People with their credentials and whether the gate opens, by name."""
    found: dict[str, dict[str, Any]] = {}
    for entry in entries:
        person = entry["person"]
        worker = found.setdefault(person["external_id"], {**person, "credentials": []})
        reason = why_not(entry["certificate"], on=on)
        told = {"code": entry["credential"].get("code", ""), "title": entry["credential"].get("title", "")}
        worker["credentials"].append({**told, **entry["certificate"], "opens": not reason, "reason": reason})
    return [_judged(worker) for _, worker in sorted(found.items(), key=lambda item: _name(item[1]))]


def _judged(worker: dict[str, Any]) -> dict[str, Any]:
    is_open = any(one["opens"] for one in worker["credentials"])
    reasons = [f"{one['title'] or one['code']}: {one['reason']}" for one in worker["credentials"]]
    reason = "" if is_open else "; ".join(reasons)
    return {**worker, "name": _name(worker), "gate": "open" if is_open else "closed", "reason": reason}


def _name(person: dict[str, Any]) -> str:
    return f"{person.get('given_name', '')} {person.get('family_name', '')}".strip() or str(
        person["external_id"]
    )
