"""Sending notices: claimed under a lease, signed for each try, posted in batches, outside any transaction."""

import json
import logging
import secrets
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from lti_platform.journal.clock import Clock, clock_from
from lti_platform.journal.recording import record
from lti_platform.journal.sweeping import sweep
from lti_platform.notices.facts import NoticeDropped
from lti_platform.notices.models import Notice, NoticeHandler
from lti_platform.notices.vocabulary import CLAIM
from lti_platform.outbound import http
from lti_platform.outbound.errors import OutboundError, OutboundRefused
from lti_platform.tools import own_keys
from lti_platform.tools.models import Deployment

log = logging.getLogger(__name__)
TIMEOUT_SECONDS = 10
LEASE = timedelta(seconds=TIMEOUT_SECONDS + 35)
BATCH = 50
JWT_SECONDS = 3600
BACK_OFF_SECONDS = (10, 60, 300, 1800, 3600, 7200, 14_400)
GIVEN_UP_AFTER = timedelta(hours=24)
MOST_TRIES = 20  # more than fit into `GIVEN_UP_AFTER`
COME_AGAIN = frozenset({408, 425, 429})


def send_due(*, now: datetime, most: int = 500, clock: Clock | None = None) -> int:
    """One try at every notice that is due, batch by batch, for a minute at most; how many arrived.

    A tool that failed is left alone until the next sweep. `clock` shows the time as the work goes on.
    """
    clock = clock or clock_from(now)
    attempt = partial(_send, clock=clock)
    return sweep(_due, attempt=attempt, place="deployment__registration", clock=clock, most=most)


def _due(now: datetime) -> QuerySet[Notice]:
    idle = Q(leased_until=None) | Q(leased_until__lte=now)
    due = Notice.objects.filter(idle, state=Notice.State.DUE, due_at__lte=now)
    return due.order_by("due_at", "created_at", "id")


def _send(notice_id: uuid.UUID, *, clock: Clock) -> int | None:
    """Posts the notice and what is due beside it; how many arrived, None when the handler failed."""
    notice = _due(clock()).filter(pk=notice_id).first()
    if notice is None:  # it went with an earlier one, or another worker has it
        return 0
    handlers = NoticeHandler.objects.select_related("deployment__registration")
    handler = handlers.filter(deployment=notice.deployment_id, notice_type=notice.notice_type).first()
    batch = _without_worn_out(_claim_with(notice, handler=handler, now=clock()), now=clock())
    if not batch:
        return 0
    error, is_final = _try(batch, handler=handler, now=clock())
    _settle(batch, error=error, is_final=is_final, now=clock())
    if error:
        return 0 if is_final else None
    return len(batch)


def _without_worn_out(batch: Sequence[Notice], *, now: datetime) -> Sequence[Notice]:
    """The batch without those that only workers which died at them have tried so often; these are given up."""
    worn_out = [notice for notice in batch if notice.attempts > MOST_TRIES]
    _settle(worn_out, error="No worker survived it.", is_final=True, now=now)
    return [notice for notice in batch if notice.attempts <= MOST_TRIES]


def _try(batch: Sequence[Notice], *, handler: NoticeHandler | None, now: datetime) -> tuple[str, bool]:
    """What went wrong, empty when nothing did, and whether trying again is of no use."""
    if handler is None or not _is_on(handler.deployment):
        return "Nobody wants it any more.", True
    try:
        answer = _post(batch, handler=handler, now=now)
    except OutboundRefused as error:
        return f"{error.code}: {error}", True
    except OutboundError as error:
        return f"{error.code}: {error}", False
    except Exception as error:  # what we cannot sign or say is kept, and given up like what does not arrive
        log.exception("notices for %s could not be sent", handler.deployment_id)
        return f"unexpected: {type(error).__name__}", False
    if 200 <= answer.status < 300:
        return "", False
    return (
        f"The handler answered {answer.status}.",
        400 <= answer.status < 500 and answer.status not in COME_AGAIN,
    )


def _post(batch: Sequence[Notice], *, handler: NoticeHandler, now: datetime) -> http.Response:
    tokens = [{"jwt": signed(notice, deployment=handler.deployment, now=now)} for notice in batch]
    return http.fetch(
        handler.url,
        method="POST",
        headers={"Content-Type": "application/json"},
        body=json.dumps({"notices": tokens}).encode(),
        max_bytes=4096,
        cuts_body=True,
        timeout_seconds=TIMEOUT_SECONDS,
    )


def _is_on(deployment: Deployment) -> bool:
    return deployment.is_enabled and deployment.registration.is_enabled


def _claim_with(notice: Notice, *, handler: NoticeHandler | None, now: datetime) -> list[Notice]:
    """The notices that fit into one post with this one, ours for `LEASE`, their try counted before it is made."""
    size = min(handler.max_batch_size or BATCH, BATCH) if handler else BATCH
    mine = _due(now).filter(deployment=notice.deployment_id, notice_type=notice.notice_type)
    wanted, lease = list(mine.values_list("pk", flat=True)[:size]), uuid.uuid4()
    # Judged again in the update: of two workers that saw a row free, one gets it.
    free = mine.order_by().filter(pk__in=wanted)
    free.update(lease=lease, leased_until=now + LEASE, attempts=F("attempts") + 1)
    taken = Notice.objects.select_related("deployment").filter(lease=lease)
    return list(taken.order_by("created_at", "id"))


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
