"""Addresses of this package."""

from django.urls import URLPattern, URLResolver, path

from gradebook.ags.views import line_items, results, scores

COURSE = "lti/contexts/<uuid:context_id>"
ITEM = f"{COURSE}/lineitems/<uuid:line_item_id>"

urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{COURSE}/lineitems", line_items.collection, name="ags-lineitems"),
    path(ITEM, line_items.item, name="ags-lineitem"),
    path(f"{ITEM}/scores", scores.scores, name="ags-scores"),
    path(f"{ITEM}/results", results.collection, name="ags-results"),
    path(f"{ITEM}/results/<uuid:result_id>", results.item, name="ags-result"),
]
