"""Everything that happened in one attempt, gathered for the page and for the file an auditor takes away."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q

from certificates.expiring import Standing
from certificates.models import Certificate
from certificates.naming import Names, names_in
from certificates.onward.models import Delivery
from gradebook.models import Result, Score
from lti_platform.journal import sealing
from lti_platform.journal.models import Entry, Seal
from lti_platform.launches.models import Launch
from proctoring.evidence.models import Access, EvidenceItem, Manifest
from proctoring.models import Attempt, Incident, Transition, Verdict
from proctoring.transitions import ENDED


@dataclass(frozen=True)
class Custody:
    """The attempt's part of the record: how many entries, the first break if any, and the newest checkpoint over it."""

    entries: list[Entry]
    unsealed: int
    changed: list[int]  # numbers of entries whose hash no longer fits
    seal: Seal | None

    @property
    def is_unbroken(self) -> bool:
        """Every sealed entry is as it was recorded."""
        return not self.changed


@dataclass(frozen=True)
class AttemptFile:
    """All that is known of one attempt."""

    attempt: Attempt
    certificate: Certificate | None
    result: Result | None
    scores: list[Score]
    transitions: list[Transition]
    incidents: list[Incident]
    verdicts: list[Verdict]
    evidence: list[EvidenceItem]
    manifests: list[Manifest]
    accesses: list[Access]
    launches: list[Launch]
    deliveries: list[Delivery]
    custody: Custody
    names: Names


def gather(attempt: Attempt) -> AttemptFile:
    """Reads the whole file of an attempt, in a fixed number of queries."""
    certificate = Certificate.objects.filter(attempt=attempt).first()
    # Any tool may name any attempt in the address of its own item: the item and the person say whose score it is.
    whose = {"line_item_id": attempt.exam.line_item_id, "person_id": attempt.person_id}
    bound = {"binding": str(attempt.pk), **whose}
    result = Result.objects.filter(**bound).first()
    decisive = result.score_id if result else None  # it may have come without the attempt, and been matched
    entries = _entries(attempt, certificate=certificate, result=result)
    return AttemptFile(
        attempt=attempt,
        certificate=certificate,
        result=result,
        scores=list(Score.objects.filter(Q(**bound) | Q(pk=decisive)).order_by("received_at", "id")),
        transitions=list(attempt.transitions.all()),
        incidents=list(attempt.incidents.prefetch_related("decisions__reviewer")),
        verdicts=list(Verdict.objects.filter(case__attempt=attempt).select_related("reviewer")),
        evidence=list(EvidenceItem.objects.filter(session__attempt=attempt).select_related("session")),
        manifests=list(Manifest.objects.filter(session__attempt=attempt)),
        accesses=list(Access.objects.filter(session__attempt=attempt).select_related("person", "item")),
        launches=list(Launch.objects.filter(subject=f"attempt:{attempt.pk}").select_related("registration")),
        deliveries=list(
            Delivery.objects.filter(certificate=certificate)
            .select_related("destination")
            .order_by("created_at", "id")
        )
        if certificate
        else [],
        custody=_custody(entries),
        names=names_in(entries),
    )


def _entries(attempt: Attempt, *, certificate: Certificate | None, result: Result | None) -> list[Entry]:
    """What the record says about the attempt; of results that name it, about its own alone, replaced ones too."""
    about = Q(subject=f"attempt:{attempt.pk}")
    if certificate:
        about |= Q(subject=f"certificate:{certificate.pk}")
    if result:
        about |= Q(subject=f"result:{result.pk}")
    found = list(Entry.objects.filter(about).select_related("details").order_by("recorded_at", "number"))
    whose = {"line_item_id": str(attempt.exam.line_item_id), "person_id": str(attempt.person_id)}
    own = {entry.payload.get("result_id") for entry in found if whose.items() <= entry.payload.items()}
    own |= {None, str(result.pk) if result else None}
    return [entry for entry in found if entry.payload.get("result_id") in own]


def _custody(entries: list[Entry]) -> Custody:
    sealed = {entry.number: entry for entry in entries if entry.number is not None}
    changed = [
        number
        for number, entry in sealed.items()
        if sealing.hash_of(sealing.chained_form(entry)) != entry.hash
    ]
    last = max(sealed, default=0)
    seal = Seal.objects.filter(number__gte=last).order_by("number").first() if last else None
    return Custody(entries, len(entries) - len(sealed), changed, seal)


def kind_of(attempt: Attempt, *, standing: Standing | None) -> str:
    """The state that the file's page is headed with; `standing` is the certificate's, if there is one."""
    if attempt.state == Attempt.State.RELEASED:
        if not attempt.passed:
            return "ended"
        return {None: "proven", Standing.VALID: "proven", Standing.EXPIRED: "ended", Standing.REVOKED: "act"}[
            standing
        ]
    if attempt.state == Attempt.State.INVALIDATED:
        return "act"
    return "waiting" if attempt.state in ENDED else "open"


def as_documents(file: AttemptFile) -> dict[str, bytes]:
    """The file's parts as JSON documents by name, for the export beside the evidence."""
    documents: dict[str, Any] = {
        "attempt.json": _attempt(file),
        "timeline.json": [_entry(entry, file.names) for entry in file.custody.entries],
        "verdicts.json": [_verdict(verdict) for verdict in file.verdicts],
        "incidents.json": [_incident(incident) for incident in file.incidents],
        "scores.json": [_score(score) for score in file.scores],
        "deliveries.json": [_delivery(delivery) for delivery in file.deliveries],
        "accesses.json": [_access(access) for access in file.accesses],
        "journal.json": _journal(file.custody),
    }
    return {
        name: json.dumps(value, indent=2, ensure_ascii=False).encode() for name, value in documents.items()
    }


def _moment(value: datetime | None) -> str | None:
    return value.astimezone(UTC).isoformat() if value else None


def _attempt(file: AttemptFile) -> dict[str, Any]:
    attempt = file.attempt
    return {
        "case_number": attempt.case_number,
        "attempt_id": str(attempt.pk),
        "attempt_number": attempt.number,
        "exam": attempt.exam.title,
        "person": {
            "id": str(attempt.person_id),
            "employee_id": attempt.person.employee_id,
            "name": str(attempt.person),
        },
        "state": attempt.state,
        "percent": str(attempt.percent) if attempt.percent is not None else None,
        "passed": attempt.passed,
        "policy": attempt.policy,
        "extra_minutes": attempt.extra_minutes,
        "started_at": _moment(attempt.started_at),
        "ended_at": _moment(attempt.ended_at),
        "settled_at": _moment(attempt.settled_at),
        "certificate": file.certificate.facts if file.certificate else None,
        "certificate_status": file.certificate.status if file.certificate else None,
        "transitions": [
            {"at": _moment(move.at), "event": move.event, "from": move.from_state, "to": move.to_state,
             "actor": f"{move.actor_kind}:{move.actor_id}", "reason": move.reason_code, "note": move.note}
            for move in file.transitions
        ],
    }  # fmt: skip


def _entry(entry: Entry, names: Names) -> dict[str, Any]:
    return {
        "at": _moment(entry.recorded_at), "fact": entry.fact_type, "payload": entry.payload,
        "actor": names.actor(entry), "number": entry.number,
    }  # fmt: skip


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "at": _moment(verdict.at), "outcome": verdict.outcome, "note": verdict.note,
        "reviewer": str(verdict.reviewer), "incidents_digest": verdict.incidents_digest,
    }  # fmt: skip


def _incident(incident: Incident) -> dict[str, Any]:
    return {
        "occurred_at": _moment(incident.occurred_at), "received_at": _moment(incident.received_at),
        "source": incident.source, "action": incident.action, "reason_code": incident.reason_code,
        "reason": incident.reason_message, "reply": incident.reply,
        "severity": str(incident.severity) if incident.severity is not None else None,
        "decisions": [
            {"at": _moment(one.at), "judgement": one.judgement, "reason": one.reason, "reviewer": str(one.reviewer)}
            for one in incident.decisions.all()
        ],
    }  # fmt: skip


def _score(score: Score) -> dict[str, Any]:
    return {
        "received_at": _moment(score.received_at), "timestamp": _moment(score.timestamp),
        "score_given": str(score.score_given) if score.score_given is not None else None,
        "score_maximum": str(score.score_maximum) if score.score_maximum is not None else None,
        "activity_progress": score.activity_progress, "grading_progress": score.grading_progress,
    }  # fmt: skip


def _delivery(delivery: Delivery) -> dict[str, Any]:
    return {
        "destination": delivery.destination.name, "event": delivery.event_type, "state": delivery.state,
        "made_at": _moment(delivery.created_at), "settled_at": _moment(delivery.settled_at),
    }  # fmt: skip


def _access(access: Access) -> dict[str, Any]:
    return {
        "at": _moment(access.granted_at), "person": str(access.person), "reason": access.reason,
        "case_reference": access.case_reference, "item": str(access.item_id) if access.item_id else "all",
    }  # fmt: skip


def _journal(custody: Custody) -> dict[str, Any]:
    """The sealed entries in the form the chain hashes, and the signed checkpoint over them."""
    sealed = [entry for entry in custody.entries if entry.number is not None]
    return {
        "entries": [{**sealing.chained_form(entry), "hash": entry.hash} for entry in sealed],
        "seal": {
            "number": custody.seal.number,
            "hash": custody.seal.hash,
            "signature": custody.seal.signature,
        }
        if custody.seal
        else None,
    }
