"""Notices owed: one row for each deployment that wants to know."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from lti_platform.courses.models import Context, ResourceLink
from lti_platform.notices.models import Notice, NoticeHandler
from lti_platform.notices.vocabulary import CLAIM, CONTEXT_COPY, HELLO_WORLD
from lti_platform.tools.models import Deployment


def greet(deployment: Deployment, *, now: datetime) -> Notice:
    """A hello-world notice, to show that notices arrive."""
    return Notice.objects.create(
        deployment=deployment,
        notice_type=HELLO_WORLD,
        subject=f"hello:{uuid.uuid4()}",
        created_at=now,
        due_at=now,
    )


def tell_of_copy(context_id: uuid.UUID, *, origin_ids: Sequence[str], now: datetime) -> int:
    """A notice to every tool placed in a copied course that wants to know of copies; how many. Again does nothing."""
    context = Context.objects.get(pk=context_id)
    claims: dict[str, Any] = {
        f"{CLAIM}context": {"id": str(context.pk), "label": context.label, "title": context.title},
        f"{CLAIM}origin_contexts": list(origin_ids),
    }
    owed = [
        Notice(
            deployment_id=handler.deployment_id,
            notice_type=CONTEXT_COPY,
            subject=f"context:{context_id}",
            claims=claims,
            created_at=now,
            due_at=now,
        )
        for handler in _interested(context_id)
    ]
    return len(Notice.objects.bulk_create(owed, ignore_conflicts=True))


def _interested(context_id: uuid.UUID) -> QuerySet[NoticeHandler]:
    placed = ResourceLink.objects.filter(context_id=context_id, removed_at=None).values("deployment")
    return NoticeHandler.objects.filter(
        notice_type=CONTEXT_COPY,
        deployment__in=placed,
        deployment__is_enabled=True,
        deployment__registration__is_enabled=True,
    )
