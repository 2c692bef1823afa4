"""The evidence service for proctoring tools: plan an item, upload it, complete it; at last, announce the end."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from ninja import Router, Status

from lti_platform.journal import clock
from lti_platform.tools.bearer import Caller
from lti_platform.tools.http_api import Problem, ToolBearer, spoken
from lti_platform.tools.resource_server import ServiceError
from lti_platform.tools.scopes import EVIDENCE
from proctoring.evidence import ending, receiving
from proctoring.evidence.errors import (
    CompletionRefused,
    EvidenceError,
    ItemRefused,
    ItemUnknown,
    SessionUnknown,
    StoreUnavailable,
)
from proctoring.evidence.models import EvidenceItem
from proctoring.evidence.receiving import Completion, ItemPlan, Tool
from proctoring.evidence.schemas import (
    CompletionRequest,
    EndRequest,
    ItemRequest,
    ItemState,
    PlannedItem,
    SessionState,
    UploadAddress,
)

router = Router(tags=["evidence"], auth=ToolBearer(scope=EVIDENCE))
STATUSES: tuple[tuple[type[EvidenceError], int], ...] = (
    (SessionUnknown, 404),
    (ItemUnknown, 404),
    (ItemRefused, 422),
    (CompletionRefused, 422),
    (StoreUnavailable, 503),
)
CONFLICT = 409
PROBLEMS = dict.fromkeys((400, 401, 403, 404, 409, 413, 422, 503), Problem)


def told(error: EvidenceError) -> ServiceError:
    """The refusal as the evidence service answers it."""
    status = next((status for kind, status in STATUSES if isinstance(error, kind)), CONFLICT)
    headers = {"Retry-After": "5"} if status == 503 else {}
    return ServiceError(status, error.code, str(error), headers=headers)


@router.post(
    "/sessions/{uuid:session_id}/items",
    response={201: PlannedItem, 200: PlannedItem, **PROBLEMS},
    summary="Plan an item",
    url_name="evidence-items",
)
@spoken(EvidenceError, told=told)
def plan(request: HttpRequest, session_id: UUID, body: ItemRequest) -> Status[PlannedItem]:
    """Announce one item and get an address for its bytes.

    Asking again for the same recording segment (`stream`, `sequence`) answers 200 with the same item and a fresh
    address, so a lost answer costs nothing. Other kinds make a new item each time.
    """
    now = clock.now()
    session = receiving.session_of(_tool(request), session_id=session_id)
    item, is_new = receiving.plan_item(session, plan=ItemPlan(**body.dict()), now=now)
    upload = receiving.fresh_upload(item, now=now) if item.state == EvidenceItem.State.PLANNED else None
    return Status(201 if is_new else 200, _planned(item, upload))


@router.get(
    "/sessions/{uuid:session_id}/items/{uuid:item_id}",
    response={200: ItemState, **PROBLEMS},
    exclude_none=True,
    summary="Where an item stands",
    url_name="evidence-item",
)
@spoken(EvidenceError, told=told)
def show(request: HttpRequest, session_id: UUID, item_id: UUID) -> ItemState:
    """`quarantined` says why in `quarantine_reason`; it is final, as is `accepted`."""
    return _state(receiving.item_of(_tool(request), session_id=session_id, item_id=item_id))


@router.post(
    "/sessions/{uuid:session_id}/items/{uuid:item_id}/upload",
    response={201: UploadAddress, **PROBLEMS},
    summary="A fresh upload address",
    url_name="evidence-item-upload",
)
@spoken(EvidenceError, told=told)
def address(request: HttpRequest, session_id: UUID, item_id: UUID) -> Status[UploadAddress]:
    """For an item whose address has run out before the bytes were uploaded."""
    item = receiving.item_of(_tool(request), session_id=session_id, item_id=item_id)
    return Status(201, _address(receiving.fresh_upload(item, now=clock.now())))


@router.post(
    "/sessions/{uuid:session_id}/items/{uuid:item_id}/complete",
    response={202: ItemState, **PROBLEMS},
    exclude_none=True,
    summary="Complete an item",
    url_name="evidence-item-complete",
)
@spoken(EvidenceError, told=told)
def complete(
    request: HttpRequest, session_id: UUID, item_id: UUID, body: CompletionRequest
) -> Status[ItemState]:
    """Say what was uploaded. We hash and open it ourselves, and accept or quarantine it soon after.

    The same body again gets the same answer; another body gets 409.
    """
    item = receiving.item_of(_tool(request), session_id=session_id, item_id=item_id)
    completed = receiving.complete_item(item, completion=Completion(**body.dict()), now=clock.now())
    return Status(202, _state(completed))


@router.post(
    "/sessions/{uuid:session_id}/end",
    response={202: SessionState, **PROBLEMS},
    summary="Announce the end",
    url_name="evidence-end",
)
@spoken(EvidenceError, told=told)
def end(request: HttpRequest, session_id: UUID, body: EndRequest) -> Status[SessionState]:
    """The session records no more; what is named here is awaited for a while, and nothing else is."""
    session = receiving.session_of(_tool(request), session_id=session_id)
    named = [ending.NamedItems(**items.dict()) for items in body.items]
    ending.end_session(session, ended_at=body.ended_at, named=named, now=clock.now())
    return Status(202, SessionState(state="ended"))


def _tool(request: HttpRequest) -> Tool:
    caller: Caller = request.auth  # type: ignore[attr-defined]
    return Tool(registration_id=caller.registration.id, deployment_id=caller.deployment_id)


def _planned(item: EvidenceItem, upload: Any) -> PlannedItem:
    return PlannedItem(
        id=item.id,
        state=item.state,
        url=_url("evidence-item", item),
        complete_url=_url("evidence-item-complete", item),
        upload=_address(upload) if upload else None,
    )


def _address(upload: Any) -> UploadAddress:
    return UploadAddress(
        method=upload.method, url=upload.url, headers=upload.headers, expires_at=upload.expires_at
    )


def _state(item: EvidenceItem) -> ItemState:
    return ItemState(id=item.id, state=item.state, quarantine_reason=item.quarantine_reason or None)


def _url(name: str, item: EvidenceItem) -> str:
    kwargs = {"session_id": item.session_id, "item_id": item.id}
    return f"{settings.PLATFORM_URL}{reverse(f'api-1:{name}', kwargs=kwargs)}"
