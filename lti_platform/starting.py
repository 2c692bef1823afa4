"""What every process of the platform asks before it serves or works: is this mix of settings safe?"""

import logging

from django.core.checks import ERROR, CheckMessage, run_checks
from django.core.management.base import SystemCheckError

log = logging.getLogger(__name__)


def refuse_unsafe_settings() -> None:
    """Runs the system checks once: warnings go to the log. Raises SystemCheckError, naming every error."""
    found = [message for message in run_checks() if not message.is_silenced()]
    errors = [message for message in found if message.is_serious(ERROR)]
    if errors:
        raise SystemCheckError("The platform does not start:\n" + "\n".join(map(_line, errors)))
    for message in found:
        log.warning("%s", _line(message))


def _line(message: CheckMessage) -> str:
    hint = f" {message.hint}" if message.hint else ""
    return f"{message.id}: {message.msg}{hint}"
