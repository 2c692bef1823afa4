"""Ada's pages about tools: which there are, what the vendor must know, and switching them on and off."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from lti_platform.journal import clock
from lti_platform.people.access import PersonRequest, permission_required
from lti_platform.people.models import Person
from lti_platform.tools import overseeing
from lti_platform.tools.checking import running
from lti_platform.tools.checking.reading import with_last_state
from lti_platform.tools.checking.wording import RESULTS
from lti_platform.tools.dynamic import comparing
from lti_platform.tools.forms import NewToolForm, OwnedForm, PastedToolForm, ToolForm
from lti_platform.tools.health import MOST_TOOLS, Health, key_set_health
from lti_platform.tools.history import history, last_token_at
from lti_platform.tools.models import Registration
from lti_platform.tools.scopes import LABELS
from lti_platform.tools.sheet import as_text, lines, vendor_sheet

PAGE_SIZE = 50
Checked = tuple[str, str | Promise]  # a state of the design system, and words


def visible_tool(request: PersonRequest, pk: UUID) -> Registration:
    """The tool, if the viewer may see it; else 404."""
    rows = overseeing.visible_registrations(request.user).select_related("fetched_key_set", "organization")
    return get_object_or_404(rows, pk=pk)


def changeable_tool(request: PersonRequest, pk: UUID) -> Registration:
    """The tool, if the viewer may change it; 404 if it is not even theirs to see, 403 if only that."""
    registration = visible_tool(request, pk)
    if not overseeing.may_change(request.user, registration=registration):
        raise PermissionDenied
    return registration


@permission_required("manage_tools")
def tool_list(request: PersonRequest) -> HttpResponse:
    rows = overseeing.visible_registrations(request.user).select_related("fetched_key_set", "organization")
    rows = with_last_state(rows.annotate(uses=Count("deployments")))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    now = clock.now()
    context = {
        "page": page,
        "tools": [(tool, *standing(tool, now=now)) for tool in page],
        "troubled": troubled(request.user, now=now),
        "requests": overseeing.waiting_requests(request.user).count(),
        "enabled": overseeing.visible_registrations(request.user).filter(is_enabled=True).count(),
        "now": now,
    }
    return render(request, "tools/admin/list.html", context)


def standing(tool: Registration, *, now: datetime) -> tuple[Health, Checked | None]:
    """How the tool's key set stands, and its last check-up, which `with_last_state` brought."""
    return key_set_health(tool, now=now), RESULTS.get(getattr(tool, "checked_state", None) or "")


def troubled(viewer: Person, *, now: datetime) -> int:
    """How many enabled tools somebody has to act on, on whatever page they stand; of the first MOST_TOOLS."""
    enabled = overseeing.visible_registrations(viewer).filter(is_enabled=True)
    rows = with_last_state(enabled.select_related("fetched_key_set"))[:MOST_TOOLS]
    return sum(is_broken(*standing(tool, now=now)) for tool in rows)


def is_broken(health: Health, checked: Checked | None) -> bool:
    """Whether somebody has to act: no key of the tool may be used, or its last check-up found it broken."""
    return health.kind == "act" or bool(checked and checked[0] == "act")


@permission_required("manage_tools")
def tool_new(request: PersonRequest) -> HttpResponse:
    how = request.POST.get("how")
    viewer, data = request.user, request.POST
    pasted = PastedToolForm(data if how == "paste" else None, viewer=viewer, prefix="paste")
    typed = NewToolForm(data if how == "type" else None, viewer=viewer, prefix="type")
    for form in (pasted, typed):
        if form.is_valid():
            registration = form.register(now=clock.now())
            messages.success(
                request,
                _("%(tool)s is registered. Send its vendor the sheet below.") % {"tool": registration},
            )
            return redirect("tool-detail", registration.pk)
    context = {"pasted": pasted, "typed": typed, "section": "tool-list"}
    return render(request, "tools/admin/new.html", context)


@permission_required("manage_tools")
def tool_edit(request: PersonRequest, pk: UUID) -> HttpResponse:
    registration = changeable_tool(request, pk)
    form = ToolForm(request.POST or None, registration=registration)
    if form.is_valid():
        changed = form.amend(registration, now=clock.now())
        messages.success(request, _("Saved.") if changed else _("Nothing was different, so nothing changed."))
        return redirect("tool-detail", pk)
    return render(
        request, "tools/admin/edit.html", {"tool": registration, "form": form, "section": "tool-list"}
    )


@permission_required("manage_tools")
def tool_detail(request: PersonRequest, pk: UUID) -> HttpResponse:
    registration = visible_tool(request, pk)
    deployments = overseeing.visible_deployments(request.user, registration=registration)
    may_change = overseeing.may_change(request.user, registration=registration)
    now = clock.now()
    context = {
        "tool": registration,
        "sheet": lines(vendor_sheet(registration, deployments=deployments)),
        "checked": running.latest(registration),
        "deployments": deployments,
        "deployment_form": OwnedForm(viewer=request.user),
        "scopes": [LABELS[scope] for scope in registration.scopes if scope in LABELS],
        "withheld": comparing.withheld(registration),
        "strange": comparing.strange_parameters(registration),
        "health": key_set_health(registration, now=now),
        "may_change": may_change,
        "history": history(registration) if may_change else [],
        "last_token_at": last_token_at(registration),
        "now": now,
        "section": "tool-list",
    }
    return render(request, "tools/admin/detail.html", context)


@permission_required("manage_tools")
def tool_sheet(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The vendor's sheet as a JSON file."""
    registration, sheet = sheet_for(request, pk)
    headers = attached(registration, ending="json")
    return JsonResponse(sheet, headers=headers, json_dumps_params={"indent": 2})


@permission_required("manage_tools")
def tool_sheet_text(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The vendor's sheet as a text to mail."""
    registration, sheet = sheet_for(request, pk)
    text = as_text(sheet, tool=registration.name)
    headers = attached(registration, ending="txt")
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)


def sheet_for(request: PersonRequest, pk: UUID) -> tuple[Registration, dict[str, Any]]:
    """The tool, and its sheet with the deployments that the viewer may know."""
    registration = visible_tool(request, pk)
    deployments = overseeing.visible_deployments(request.user, registration=registration)
    return registration, vendor_sheet(registration, deployments=deployments)


def attached(registration: Registration, *, ending: str) -> dict[str, str]:
    """Headers by which a browser keeps the answer as a file."""
    name = f"platform-for-{registration.client_id[:8]}.{ending}"
    return {"Content-Disposition": f'attachment; filename="{name}"'}
