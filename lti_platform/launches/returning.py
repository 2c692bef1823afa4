"""A tool sends the person back (LTI Core 5.4.4): what it said, read as untrusted plain text."""

import logging
import re
from datetime import datetime
from urllib.parse import parse_qsl

from django.db import transaction

from lti_platform.launches import steps
from lti_platform.launches.contributing import LaunchRefused, ToolReturn, hear_return
from lti_platform.launches.models import Launch

log = logging.getLogger(__name__)

MAX_WORDS = 1000
MAX_FIELDS = 50
_NAMES = {"lti_msg": "message", "lti_errormsg": "error", "lti_log": "log", "lti_errorlog": "error_log"}


def split(rest: str) -> tuple[str, ToolReturn]:
    """Reference and words of "7K3-QF2?lti_msg=…"; tools also append "&lti_msg=…" or a second "?" blindly."""
    reference, _, query = re.sub(r"[?&]+", "?", rest, count=1).partition("?")
    return reference.rstrip("/"), read(re.sub(r"[?&]+(?=lti_)", "&", query))


def read(query: str) -> ToolReturn:
    """The four known parameters, the first of each; everything else is ignored."""
    try:
        pairs = parse_qsl(query, max_num_fields=MAX_FIELDS)
    except ValueError:
        return ToolReturn()
    words: dict[str, str] = {}
    for name, value in pairs:
        if name in _NAMES:
            words.setdefault(_NAMES[name], steps.plain(value.strip(), limit=MAX_WORDS))
    return ToolReturn(**words)


def launch_of(reference: str) -> Launch | None:
    """The launch that was sent under this reference."""
    if not re.fullmatch(r"[0-9A-Z]{3}-[0-9A-Z]{3}", reference):
        return None
    related = ("registration", "person", "context", "resource_link")
    return (
        Launch.objects.select_related(*related).filter(reference=reference, state=Launch.State.SENT).first()
    )


def hear(launch: Launch, *, words: ToolReturn, now: datetime) -> None:
    """Keeps what the tool said as a step of the launch, and tells the packages that wait for it.

    What was said is kept even where a package will not act on it.
    """
    steps.tool_returned(launch, words=words, now=now).save()
    try:
        with transaction.atomic():
            hear_return(launch, words=words, now=now)
    except LaunchRefused as error:
        log.warning("the return of launch %s changed nothing: %s", launch.reference, error)
