"""The gradebook's own addresses, as tools are told them."""

from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from gradebook.models import LineItem, Result
from lti_platform.tools.addresses import absolute

# The query parameter that carries an attempt; tools keep the query of a line item's address (AGS 3.4.1).
BINDING = "attempt"


def line_items_url(context_id: UUID) -> str:
    """The address of a course's line items."""
    return absolute(reverse("ags-lineitems", kwargs={"context_id": context_id}))


def line_item_url(line_item: LineItem, *, binding: str = "") -> str:
    """The address of a line item: its `id` on the wire. With a binding, scores sent there belong to it."""
    return _bound(_address("ags-lineitem", line_item), binding=binding)


def scores_url(item_url: str) -> str:
    """Where the scores of the item at this address go: the path goes on, and the query stays (AGS 3.4.1)."""
    address, mark, query = item_url.partition("?")
    return f"{address}/scores{mark}{query}"


def result_url(line_item: LineItem, *, result: Result) -> str:
    """The address of one result: its `id` on the wire."""
    return _address("ags-result", line_item, result_id=result.pk)


def _address(name: str, line_item: LineItem, **more: UUID) -> str:
    kwargs = {"context_id": line_item.context_id, "line_item_id": line_item.pk, **more}
    return absolute(reverse(name, kwargs=kwargs))


def _bound(address: str, *, binding: str) -> str:
    return f"{address}?{urlencode({BINDING: binding})}" if binding else address
