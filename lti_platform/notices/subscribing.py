"""Which notices a deployment wants, and where (Platform Notification Service 1.0)."""

from datetime import datetime
from typing import Any

from django.db import transaction

from lti_platform.journal.recording import record
from lti_platform.notices import queueing
from lti_platform.notices.errors import BatchSizeRefused, HandlerRefused, NoticeTypeUnknown
from lti_platform.notices.facts import HandlerChanged
from lti_platform.notices.models import NoticeHandler
from lti_platform.notices.vocabulary import HELLO_WORLD, NOTICE_TYPES
from lti_platform.tools import web_addresses
from lti_platform.tools.describing import WORDS
from lti_platform.tools.models import Deployment

LARGEST_BATCH = 1000


def catalogue(deployment: Deployment) -> list[dict[str, Any]]:
    """Every type we send and its handler, empty where the tool named none."""
    named = {one.notice_type: one for one in deployment.notice_handlers.all()}
    return [described(notice_type, handler=named.get(notice_type)) for notice_type in NOTICE_TYPES]


def described(notice_type: str, *, handler: NoticeHandler | None) -> dict[str, Any]:
    """The handler object of the service."""
    shown: dict[str, Any] = {"notice_type": notice_type, "handler": handler.url if handler else ""}
    if handler and handler.max_batch_size:
        shown["max_batch_size"] = handler.max_batch_size
    return shown


@transaction.atomic
def subscribe(
    deployment: Deployment, *, notice_type: object, url: object, max_batch_size: object = None, now: datetime
) -> NoticeHandler | None:
    """Keeps the address for this type in the place of any other; an empty one removes it, and None comes back.

    A new subscription to hello-world notices is greeted with one. Raises NoticeTypeUnknown, HandlerRefused,
    BatchSizeRefused.
    """
    if notice_type not in NOTICE_TYPES:
        raise NoticeTypeUnknown("notice_type is none of: " + ", ".join(NOTICE_TYPES))
    address, size = _judged_address(url, deployment=deployment), _judged_size(max_batch_size)
    kept = NoticeHandler.objects.filter(deployment=deployment, notice_type=notice_type)
    fact = HandlerChanged(deployment_id=deployment.pk, notice_type=str(notice_type), wants=bool(address))
    record(fact, now=now, subject=f"deployment:{deployment.pk}", organization_id=deployment.organization_id)
    if not address:
        kept.delete()
        return None
    handler, _ = NoticeHandler.objects.update_or_create(
        deployment=deployment,
        notice_type=notice_type,
        defaults={"url": address, "max_batch_size": size, "updated_at": now},
    )
    if notice_type == HELLO_WORLD:
        queueing.greet(deployment, now=now)
    return handler


def _judged_address(url: object, *, deployment: Deployment) -> str:
    if not isinstance(url, str):
        raise HandlerRefused("handler is not a string")
    if not url:
        return ""
    if fault := web_addresses.fault(url):
        raise HandlerRefused(f"handler {WORDS[fault]}")
    if web_addresses.leads_inside(url):
        raise HandlerRefused(f"handler {WORDS['private_network']}")
    if not web_addresses.is_within(url, domains=deployment.registration.domains):
        raise HandlerRefused(f"handler {WORDS['outside_domain']}")
    return url


def _judged_size(size: object) -> int | None:
    if size is None:
        return None
    if isinstance(size, bool) or not isinstance(size, int) or size < 1:
        raise BatchSizeRefused("max_batch_size is not a whole number above zero")
    return min(size, LARGEST_BATCH)
