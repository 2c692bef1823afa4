"""Ada's pages about keys: which of ours sign what, withdrawing one, and whether the tools' key sets can be had."""

from collections import Counter
from collections.abc import Iterable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from keys.answering import cacheable_json
from keys.models import SigningKey
from keys.publishing import document_of
from keys.purposes import Purpose
from lti_platform.journal import clock
from lti_platform.people.access import PersonRequest, permission_required
from lti_platform.tools import signing_keys
from lti_platform.tools.forms import RevokeForm
from lti_platform.tools.health import MOST_TOOLS, key_set_health
from lti_platform.tools.models import Registration
from lti_platform.tools.purposes import PURPOSE_WORDS, REVOKING_BREAKS

STATES = {"active": "proven", "upcoming": "open", "retired": "ended", "revoked": "act"}
COUNTED = {"failing": "act", "troubled": "waiting", "unasked": "open"}  # tools by the kind of their health


@permission_required("manage_keys")
def key_list(request: PersonRequest) -> HttpResponse:
    now = clock.now()
    ours = SigningKey.objects.defer("sealed_private").order_by("purpose", "owner", "-created_at")
    active = {key.purpose for key in ours if key.state == SigningKey.State.ACTIVE and not key.owner}
    tools = Registration.objects.filter(is_enabled=True).select_related("fetched_key_set").order_by("name")
    health = [(tool, key_set_health(tool, now=now)) for tool in tools[:MOST_TOOLS]]
    kinds = Counter(found.kind for _tool, found in health)
    owners = owners_of(ours)
    context = {
        "keys": [
            (key, STATES[key.state], PURPOSE_WORDS[Purpose(key.purpose)], owners.get(key.owner))
            for key in sorted(ours, key=_place)
        ],
        "missing": [PURPOSE_WORDS[purpose] for purpose in Purpose if purpose not in active],
        "tools": health,
        **{name: kinds[kind] for name, kind in COUNTED.items()},
        "every_days": settings.KEY_ROTATION_DAYS,
        "overlap_days": settings.KEY_OVERLAP_DAYS,
        "now": now,
    }
    return render(request, "tools/admin/keys.html", context)


def _place(key: SigningKey) -> tuple[str, str, int]:
    """Those of a purpose together, what signs first, what is withdrawn last; else newest first."""
    return key.purpose, key.owner, list(STATES).index(key.state)


def owners_of(keys: Iterable[SigningKey]) -> dict[str, Registration]:
    """The tools that have keys of their own among these, by client id."""
    named = {key.owner for key in keys if key.owner}
    return {tool.client_id: tool for tool in Registration.objects.filter(client_id__in=named)}


@permission_required("manage_keys")
def key_revoke(request: PersonRequest, kid: str) -> HttpResponse:
    """Says what breaks, and withdraws the key once a person confirmed it with a reason."""
    revocable = SigningKey.objects.exclude(state=SigningKey.State.REVOKED).defer("sealed_private")
    key = get_object_or_404(revocable, kid=kid)
    form = RevokeForm(request.POST or None)
    if form.is_valid():
        done = signing_keys.revoke(kid, now=clock.now(), reason=form.cleaned_data["reason"])
        said = _("Revoked. %(kid)s signs from now on.") % {"kid": done.activated_kid}
        messages.success(request, said if done.activated_kid else _("Revoked."))
        return redirect("key-list")
    purpose = Purpose(key.purpose)
    context = {
        "key": key,
        "kind": STATES[key.state],
        "form": form,
        "purpose": PURPOSE_WORDS[purpose],
        "breaks": REVOKING_BREAKS[purpose],
        "owner": owners_of([key]).get(key.owner),
        "section": "key-list",
        "now": clock.now(),
    }
    return render(request, "tools/admin/key_revoke.html", context)


@require_safe
def tool_key_set(request: HttpRequest, client_id: str) -> HttpResponseBase:
    """The keys that sign for one tool (RFC 7517), cacheable; an unchanged set is answered 304."""
    known = Registration.objects.filter(state=Registration.State.ACTIVE)
    registration = get_object_or_404(known.only("client_id", "has_own_keys"), client_id=client_id)
    found = document_of(client_id, is_alone=registration.has_own_keys, now=clock.now())
    return cacheable_json(request, found.body, etag=found.etag)
