"""Nobody sees evidence without saying why: the reason is kept with who, what and when."""

from datetime import datetime, timedelta

from django.db import transaction

from lti_platform.people.models import Person
from proctoring.evidence.errors import AccessOver, ReasonRequired
from proctoring.evidence.facts import EvidenceAccessed
from proctoring.evidence.models import Access, EvidenceItem
from proctoring.models import Session
from proctoring.moving import tell

ACCESS_LIFETIME = timedelta(hours=1)


def grant(
    person: Person, what: Session | EvidenceItem, *, reason: str, case_reference: str = "", now: datetime
) -> Access:
    """An hour's access to a session's evidence, or to one item. Whether the person may is the caller's question.

    `reason` is one of `Access.Reason`; `case_reference` says more, in words. Raises ReasonRequired.
    """
    if reason not in Access.Reason.values:
        raise ReasonRequired
    item = what if isinstance(what, EvidenceItem) else None
    session = what.session if isinstance(what, EvidenceItem) else what
    with transaction.atomic():
        access = Access.objects.create(
            session=session,
            item=item,
            person=person,
            reason=reason,
            case_reference=case_reference[:200],
            granted_at=now,
            expires_at=now + ACCESS_LIFETIME,
        )
        fact = EvidenceAccessed(
            access_id=access.id, session_id=session.id, item_id=item.id if item else None, reason=reason
        )
        tell(session.attempt, fact, now=now, note=access.case_reference)
    return access


def judge(access: Access, *, session_id: object, now: datetime) -> None:
    """Nothing, if the access covers the session now. Raises AccessOver."""
    if access.session_id != session_id or not access.granted_at <= now < access.expires_at:
        raise AccessOver


def current(person: Person, session: Session, *, now: datetime) -> Access | None:
    """The person's newest access to the whole session that has not run out."""
    mine = Access.objects.filter(person=person, session=session, item=None, expires_at__gt=now)
    return mine.order_by("-granted_at", "id").first()
