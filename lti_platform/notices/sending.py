"""Sending notices: claimed under a lease, signed for each try, posted in batches, outside any transaction."""

import json
import secrets
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from lti_platform.journal.recording import record
from lti_platform.notices.facts import NoticeDropped
from lti_platform.notices.models import Notice, NoticeHandler
from lti_platform.notices.vocabulary import CLAIM
from lti_platform.outbound import http
from lti_platform.outbound.errors import OutboundError, OutboundRefused
from lti_platform.tools import own_keys
from lti_platform.tools.models import Deployment

TIMEOUT_SECONDS = 10
LEASE = timedelta(seconds=TIMEOUT_SECONDS + 35)
BATCH = 50
JWT_SECONDS = 3600
BACK_OFF_SECONDS = (10, 60, 300, 1800, 3600, 7200, 14_400)
GIVEN_UP_AFTER = timedelta(hours=24)
COME_AGAIN = frozenset({408, 425, 429})


def send_due(*, now: datetime, most: int = 500) -> int:
    """One try at every notice that is due, batch by batch; how many arrived."""
    due = _claimable(now=now).order_by("due_at", "created_at").values_list("deployment_id", "notice_type")
    return sum(_send(deployment_id, kind, now=now) for deployment_id, kind in dict.fromkeys(due[:most]))


def _claimable(*, now: datetime) -> QuerySet[Notice]:
    idle = Q(leased_until=None) | Q(leased_until__lte=now)
    return Notice.objects.filter(idle, state=Notice.State.DUE, due_at__lte=now)


def _send(deployment_id: uuid.UUID, notice_type: str, *, now: datetime) -> int:
    handlers = NoticeHandler.objects.select_related("deployment__registration")
    handler = handlers.filter(deployment=deployment_id, notice_type=notice_type).first()
    arrived = 0
    for batch in _batches(deployment_id, notice_type, handler=handler, now=now):
        error, is_final = _try(batch, handler=handler, now=now)
        _settle(batch, error=error, is_final=is_final, now=now)
        if error:
            break  # the next batch waits for its turn like this one
        arrived += len(batch)
    return arrived


def _try(batch: Sequence[Notice], *, handler: NoticeHandler | None, now: datetime) -> tuple[str, bool]:
    """What went wrong, empty when nothing did, and whether trying again is of no use."""
    if handler is None or not _is_on(handler.deployment):
        return "Nobody wants it any more.", True
    tokens = [{"jwt": signed(notice, deployment=handler.deployment, now=now)} for notice in batch]
    try:
        answer = http.fetch(
            handler.url,
            method="POST",
            headers={"Content-Type": "application/json"},
            body=json.dumps({"notices": tokens}).encode(),
            max_bytes=4096,
            cuts_body=True,
            timeout_seconds=TIMEOUT_SECONDS,
        )
    except OutboundRefused as error:
        return f"{error.code}: {error}", True
    except OutboundError as error:
        return f"{error.code}: {error}", False
    if 200 <= answer.status < 300:
        return "", False
    return (
        f"The handler answered {answer.status}.",
        400 <= answer.status < 500 and answer.status not in COME_AGAIN,
    )


def _is_on(deployment: Deployment) -> bool:
    return deployment.is_enabled and deployment.registration.is_enabled


def _batches(
    deployment_id: uuid.UUID, notice_type: str, *, handler: NoticeHandler | None, now: datetime
) -> Iterator[list[Notice]]:
    """Batches of notices, ours for `LEASE`, their try counted before it is made."""
    size = min(handler.max_batch_size or BATCH, BATCH) if handler else BATCH
    while True:
        mine, lease = (
            _claimable(now=now).filter(deployment=deployment_id, notice_type=notice_type),
            uuid.uuid4(),
        )
        wanted = list(mine.order_by("created_at", "id").values_list("pk", flat=True)[:size])
        # Judged again in the update: of two workers that saw a row free, one gets it.
        mine.filter(pk__in=wanted).update(lease=lease, leased_until=now + LEASE, attempts=F("attempts") + 1)
        taken = list(
            Notice.objects.select_related("deployment").filter(lease=lease).order_by("created_at", "id")
        )
        if not taken:
            return
        yield taken


def signed(notice: Notice, *, deployment: Deployment, now: datetime) -> str:
    """The notice as a JWT for its tool: no person, no message type."""
    registration, issued = deployment.registration, int(now.timestamp())
    created = notice.created_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    claims: dict[str, Any] = {
        **notice.claims,
        "iss": settings.PLATFORM_URL,
        "aud": registration.client_id,
        "azp": registration.client_id,
        "iat": issued,
        "exp": issued + JWT_SECONDS,
        "nonce": secrets.token_urlsafe(24),
        f"{CLAIM}version": "1.3.0",
        f"{CLAIM}deployment_id": deployment.deployment_id,
        f"{CLAIM}notice": {"id": str(notice.pk), "timestamp": created, "type": notice.notice_type},
    }
    return own_keys.sign_message(claims, registration=registration)


@transaction.atomic
def _settle(batch: Sequence[Notice], *, error: str, is_final: bool, now: datetime) -> None:
    """Moves each notice on, unless its lease was lost meanwhile."""
    for notice in batch:
        changes: dict[str, Any] = {"lease": None, "leased_until": None, "last_error": error[:300]}
        gives_up = is_final or now - notice.created_at >= GIVEN_UP_AFTER
        if not error:
            changes |= {"state": Notice.State.DELIVERED, "settled_at": now}
        elif gives_up:
            changes |= {"state": Notice.State.DROPPED, "settled_at": now}
        else:
            wait = BACK_OFF_SECONDS[min(notice.attempts, len(BACK_OFF_SECONDS)) - 1]
            changes["due_at"] = now + timedelta(seconds=wait)
        ours = Notice.objects.filter(pk=notice.pk, lease=notice.lease).update(**changes)
        if ours and error and gives_up:
            _record_dropped(notice, now=now)


def _record_dropped(notice: Notice, *, now: datetime) -> None:
    fact = NoticeDropped(notice_id=notice.pk, deployment_id=notice.deployment_id)
    record(
        fact,
        now=now,
        subject=f"deployment:{notice.deployment_id}",
        organization_id=notice.deployment.organization_id,
    )
