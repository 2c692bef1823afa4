"""The attempt that a line item's address carries in its query."""

import re

from django.http import HttpRequest

from gradebook.addresses import BINDING
from gradebook.errors import LineItemUnknown

_FORM = re.compile(r"[0-9a-z-]{1,64}", re.ASCII)


def binding_of(request: HttpRequest) -> str:
    """The binding, empty without one. Raises LineItemUnknown for an address we cannot have handed out."""
    value = request.GET.get(BINDING, "").lower()
    if value and not _FORM.fullmatch(value):
        raise LineItemUnknown("there is no such line item for this tool")
    return value
