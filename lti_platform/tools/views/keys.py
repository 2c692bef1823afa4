"""Ada's page about keys: which of ours sign what, and whether the tools' key sets can be had."""

from django.http import HttpResponse
from django.shortcuts import render

from keys.models import SigningKey
from keys.purposes import Purpose
from lti_platform.journal import clock
from lti_platform.people.access import PersonRequest, permission_required
from lti_platform.tools.health import key_set_health
from lti_platform.tools.models import Registration
from lti_platform.tools.purposes import PURPOSE_WORDS

STATES = {"active": "proven", "upcoming": "open", "retired": "ended", "revoked": "act"}
MOST_TOOLS = 500


@permission_required("manage_keys")
def key_list(request: PersonRequest) -> HttpResponse:
    now = clock.now()
    ours = SigningKey.objects.defer("sealed_private").order_by("purpose", "-created_at")
    active = {key.purpose for key in ours if key.state == SigningKey.State.ACTIVE}
    tools = Registration.objects.filter(is_enabled=True).select_related("fetched_key_set").order_by("name")
    health = [(tool, key_set_health(tool, now=now)) for tool in tools[:MOST_TOOLS]]
    context = {
        "keys": [(key, STATES[key.state], PURPOSE_WORDS[Purpose(key.purpose)]) for key in ours],
        "missing": [PURPOSE_WORDS[purpose] for purpose in Purpose if purpose not in active],
        "tools": health,
        "failing": [tool for tool, found in health if found.kind == "act"],
        "now": now,
    }
    return render(request, "tools/admin/keys.html", context)
