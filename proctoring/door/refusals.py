"""Who was not let in, for the admin who is asked about a reference: what happened, and whose side it is on."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lti_platform.journal.models import Entry
from lti_platform.journal.recording import record_refusal
from lti_platform.people.models import Person
from lti_platform.people.scoping import scoped
from proctoring.door.errors import DoorError
from proctoring.door.models import OtherPlatform

THEIRS, OURS, THE_PERSONS = _("Their side"), _("Our side"), _("The person")
NOBODYS = "door:unknown"  # the subject where no platform is known
SHOWN = 20
WORDS: dict[str, tuple[Promise, Promise]] = {
    "door_arrival_refused": (THEIRS, _("The message broke a rule of LTI.")),
    "door_nothing_asked": (THE_PERSONS, _("Picked twice, or too late.")),
    "door_platform_refused": (THEIRS, _("It answered our question with an error of its own.")),
    "door_platform_unknown": (OURS, _("No learning system that is on has this issuer and client id.")),
    "door_client_unnamed": (THEIRS, _("The login named no client id, and several are known here.")),
    "door_person_unnamed": (THEIRS, _("The employee id was not in the launch.")),
    "door_person_unknown": (OURS, _("Nobody on the roster has this employee id.")),
    "door_person_elsewhere": (OURS, _("Nobody on this organization’s roster has this employee id.")),
    "door_already_bound": (OURS, _("Another account there is matched with this person.")),
    "door_staff_stays_out": (THE_PERSONS, _("Has duties here, and has to sign in here.")),
    "door_out_of_standing": (OURS, _("The person’s record here is not active.")),
    "door_not_a_learner": (THE_PERSONS, _("Opened an exam in another role than Learner.")),
    "door_not_a_teacher": (THE_PERSONS, _("Wanted to pick an exam in another role than Instructor.")),
    "door_exam_unknown": (THEIRS, _("The link names no exam of this organization: pick it again there.")),
    "door_taken_off_the_course": (OURS, _("The person was taken off the exam’s course.")),
}
OTHERWISE = (THEIRS, _("The launch could not be used."))


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """`reference` is what the person was shown, `reason` untrusted text about this one."""

    at: datetime
    side: Promise
    words: Promise
    rule: str
    reference: str
    reason: str


def keep(error: DoorError, *, note: str, now: datetime) -> None:
    """Records who was not let in, under the platform whose launch it was; `note` begins with the reference."""
    platform = error.platform
    record_refusal(
        error.code,
        now=now,
        subject=subject_of(platform),
        organization_id=platform.organization_id if platform else None,
        note=note,
    )


def subject_of(platform: OtherPlatform | None) -> str:
    """How the journal names the platform, or that there was none."""
    return f"platform:{platform.pk}" if platform else NOBODYS


def latest(platform: OtherPlatform | None, *, viewer: Person) -> list[Refusal]:
    """The last ones of a platform, or of none that is known; only what the viewer may see."""
    entries = Entry.objects.filter(subject=subject_of(platform), fact_type="security.refused")
    seen = scoped(entries, viewer, "manage_tools", organization="organization_id")
    return [_row(one) for one in seen.select_related("details").order_by("-recorded_at", "id")[:SHOWN]]


def _row(entry: Entry) -> Refusal:
    rule = str(entry.payload["rule"])
    side, words = WORDS.get(rule, OTHERWISE)
    note = entry.details.note if hasattr(entry, "details") else ""
    reference, _space, reason = note.partition(" ")
    reason = "" if reason == rule else reason
    return Refusal(
        at=entry.recorded_at, side=side, words=words, rule=rule, reference=reference, reason=reason
    )
