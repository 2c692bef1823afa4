"""What a tool's last launches say about it, for its check-up."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from lti_platform.launches.inspecting import failure
from lti_platform.launches.models import Launch
from lti_platform.launches.wording import THEIRS as ITS_SIDE
from lti_platform.launches.wording import for_admin
from lti_platform.tools.checking import wording
from lti_platform.tools.checking.contributing import contributes_findings
from lti_platform.tools.checking.findings import OURS, THEIRS, Finding, State
from lti_platform.tools.models import Registration

CHECK = "launches"
LATELY = timedelta(days=30)
LAST = 10


def spoken(values: Mapping[str, Any]) -> dict[str, str]:
    """Why the newest was stopped, in words; the rule's name for what was kept without."""
    if not values.get("stopped_by"):
        return {"why": str(values.get("broken_rule", ""))}
    return {"why": str(for_admin(values["stopped_by"]).failed)}


wording.speaks_of(
    CHECK,
    _("Launches"),
    {
        "launches_never": (_("None in 30 days."), _("Start a test launch.")),
        "launches_fine": (_("The last one was answered, on %(moment)s."), ""),
        "launches_refused": (
            _("Stopped: %(refused)s of the last %(of)s, the newest because %(why)s."),
            _("Open it under Launches: it shows what was asked and what is registered."),
        ),
        "launches_unanswered": (
            _("%(unanswered)s of the last %(of)s never came back from the tool’s login address."),
            _("Open one on the Launches page: the browser stayed on their side."),
        ),
    },
    speaker=spoken,
)


@contributes_findings
def last_launches(registration: Registration, *, now: datetime) -> Iterator[Finding]:
    """One finding about the last ten launches of 30 days. One just begun may still be answered."""
    rows = Launch.objects.filter(registration=registration, created_at__gt=now - LATELY, created_at__lte=now)
    last = list(rows.order_by("-created_at", "id")[:LAST])
    refused = [launch for launch in last if launch.state == Launch.State.REFUSED]
    waiting = [launch for launch in last if launch.state == Launch.State.STARTED and launch.expires_at <= now]
    if not last:
        yield Finding(check=CHECK, code="launches_never", state=State.UNCLEAR)
    elif refused:
        yield _refused(refused, last=last)
    elif waiting:
        values: dict[str, object] = {"unanswered": len(waiting), "of": len(last)}
        yield Finding(
            check=CHECK, code="launches_unanswered", state=State.ATTENTION, side=THEIRS, values=values
        )
    elif answered := [launch for launch in last if launch.state == Launch.State.SENT]:
        values = {"at": answered[0].created_at.isoformat()}
        yield Finding(check=CHECK, code="launches_fine", values=values)
    else:
        yield Finding(check=CHECK, code="launches_never", state=State.UNCLEAR)


def _refused(refused: list[Launch], *, last: list[Launch]) -> Finding:
    """Broken while the newest launch of all was stopped; the side is that of the check that stopped the newest."""
    failed = failure(refused[0])
    stopped_by = str(failed.details.get("check", "")) if failed else ""
    values: dict[str, object] = {
        "refused": len(refused),
        "of": len(last),
        "broken_rule": refused[0].refusal,
        "stopped_by": stopped_by,
    }
    side = "" if not stopped_by else THEIRS if for_admin(stopped_by).side is ITS_SIDE else OURS
    state = State.BROKEN if last[0] in refused else State.ATTENTION
    return Finding(check=CHECK, code="launches_refused", state=state, side=side, values=values)
