"""The scopes a tool may be granted: exact strings, in the order they are shown."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VENDOR = "https://proctored-credentials.example"

LINEITEM = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"
LINEITEM_READONLY = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly"
RESULT_READONLY = "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly"
SCORE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
MEMBERSHIP_READONLY = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
CONTEXT_GROUP_READONLY = "https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly"
NOTICE_HANDLERS = "https://purl.imsglobal.org/spec/lti/scope/noticehandlers"
ACS_CONTROL = "https://purl.imsglobal.org/spec/lti-ap/scope/control.all"
EVIDENCE = f"{VENDOR}/scope/evidence"
FLAGS = f"{VENDOR}/scope/flags"

LABELS: dict[str, str | Promise] = {
    LINEITEM: _("Make and change line items"),
    LINEITEM_READONLY: _("Read line items"),
    RESULT_READONLY: _("Read results"),
    SCORE: _("Send scores"),
    MEMBERSHIP_READONLY: _("Read course rosters"),
    CONTEXT_GROUP_READONLY: _("Read course groups"),
    NOTICE_HANDLERS: _("Be told what happens to courses"),
    ACS_CONTROL: _("Pause, resume, flag and end exams"),
    EVIDENCE: _("Send recordings"),
    FLAGS: _("Report what it saw"),
}
SUPPORTED = list(LABELS)


def grantable(requested: Iterable[str], *, granted: Iterable[str]) -> list[str]:
    """What of the request the registration may have, each once, in the order asked for."""
    allowed = set(granted) & set(SUPPORTED)
    return [scope for scope in dict.fromkeys(requested) if scope in allowed]
