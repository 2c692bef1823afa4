"""Evidence is kept longer when a verdict gives a reason to; never shorter."""

from datetime import datetime
from uuid import UUID

from proctoring.evidence.awaiting import JUDGED
from proctoring.evidence.errors import ObjectMissing
from proctoring.evidence.models import EvidenceItem
from proctoring.evidence.retention import kept_after_verdict
from proctoring.evidence.stores.chosen import current_store
from proctoring.models import Verdict


def keep_after_verdict(attempt_id: UUID) -> int:
    """Lock the attempt's judged evidence for as long as its verdicts ask; how many items are kept longer now.

    Each item is kept by itself: called again, it goes on where it stopped. Call it outside of transactions, for the
    store may be slow. Raises StoreUnavailable.
    """
    until = _asked_for(attempt_id)
    if until is None:
        return 0
    short = EvidenceItem.objects.filter(
        session__attempt_id=attempt_id, state__in=JUDGED, kept_until__lt=until
    )
    return sum(_keep(item, until=until) for item in short.order_by("planned_at", "sequence", "id"))


def _asked_for(attempt_id: UUID) -> datetime | None:
    given = Verdict.objects.filter(case__attempt_id=attempt_id).values_list("outcome", "at")
    return max((kept_after_verdict(outcome, at=at) for outcome, at in given), default=None)


def _keep(item: EvidenceItem, *, until: datetime) -> bool:
    if not _lock(item, until=until):
        return False
    return bool(EvidenceItem.objects.filter(id=item.id, kept_until__lt=until).update(kept_until=until))


def _lock(item: EvidenceItem, *, until: datetime) -> bool:
    store = current_store()
    try:
        store.lock(item.object_key, version=item.object_version, until=until)
        if item.playback_key:
            store.lock(item.playback_key, version=item.playback_version, until=until)
    except ObjectMissing:  # quarantined for that very reason
        return False
    return True
