"""Why a registration was refused, in words for the admin who waits for it."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from lti_platform.tools import describing, pasted_keys
from lti_platform.tools.checking.refusal_words import WHY_UNREACHED
from lti_platform.tools.key_troubles import Trouble

MAX_BYTES = 64 * 1024  # of a registration
BODY_WORDS: dict[str, str | Promise] = {
    "unsupported_media_type": _("must be sent as application/json"),
    "body_broken_off": _("ended early"),
    "body_too_large": format_lazy(_("must be of {most} bytes at most"), most=MAX_BYTES),
    "body_not_json": _("must be one JSON object"),
}
WORDS: dict[str, str | Promise] = {**WHY_UNREACHED, **BODY_WORDS, **pasted_keys.WORDS, **describing.WORDS}


def in_words(kept: Mapping[str, Any]) -> str | Promise:
    """One problem that `links.note_refusal` kept, in the reader's language; as it was told, if we have no words."""
    if pairs := kept.get("troubles"):
        return pasted_keys.unusable(Trouble(kid=kid, code=code) for kid, code in pairs)
    return WORDS.get(kept["code"], str(kept["message"]))
