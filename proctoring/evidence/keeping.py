"""Evidence is kept longer when a verdict gives a reason to; never shorter."""

from datetime import datetime
from uuid import UUID

from proctoring.evidence.awaiting import JUDGED
from proctoring.evidence.errors import ObjectMissing
from proctoring.evidence.models import EvidenceItem
from proctoring.evidence.retention import kept_after_verdict
from proctoring.evidence.stores.chosen import current_store


def keep_after_verdict(attempt_id: UUID, *, outcome: str, now: datetime) -> int:
    """Lock the attempt's evidence for as long as the verdict asks; how many items are kept longer now.

    Raises StoreUnavailable.
    """
    until = kept_after_verdict(outcome, at=now)
    short = EvidenceItem.objects.filter(
        session__attempt_id=attempt_id, state__in=JUDGED, kept_until__lt=until
    )
    kept = [item for item in short if _lock(item, until=until)]
    return EvidenceItem.objects.filter(id__in=[item.id for item in kept]).update(kept_until=until)


def _lock(item: EvidenceItem, *, until: datetime) -> bool:
    store = current_store()
    try:
        store.lock(item.object_key, version=item.object_version, until=until)
        if item.playback_key:
            store.lock(item.playback_key, version=item.playback_version, until=until)
    except ObjectMissing:  # quarantined for that very reason
        return False
    return True
