"""Context roles as people read them; a sub-role keeps the standard's own name, spelled as words."""

import re

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

PRINCIPAL: dict[str, str | Promise] = {
    "Administrator": _("Administrator"),
    "ContentDeveloper": _("Content developer"),
    "Instructor": _("Instructor"),
    "Learner": _("Learner"),
    "Mentor": _("Mentor"),
    "Manager": _("Manager"),
    "Member": _("Member"),
    "Officer": _("Officer"),
}


def role_words(name: str) -> str | Promise:
    """Words for a short role or sub-role: "Instructor: teaching assistant" of "Instructor#TeachingAssistant"."""
    principal, _hash, sub = name.partition("#")
    known = PRINCIPAL.get(principal, principal)
    return format_lazy("{}: {}", known, _spelled(sub)) if sub else known


def _spelled(name: str) -> str:
    return re.sub(r"(?<=[a-z])-?([A-Z])", r" \1", name).lower()
