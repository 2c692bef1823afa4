"""What Ada's buttons on a tool do: each changes one thing, says so, and goes back to the tool."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lti_platform.journal import clock
from lti_platform.people.access import PersonRequest, permission_required
from lti_platform.tools import enabling, fetching, overseeing, registering
from lti_platform.tools.forms import OwnedForm
from lti_platform.tools.views.admin import changeable_tool, visible_tool


@require_POST
@permission_required("manage_tools")
def tool_enable(request: PersonRequest, pk: UUID) -> HttpResponse:
    enabling.enable(changeable_tool(request, pk), now=clock.now())
    messages.success(request, _("Enabled. Launches and new tokens work from now on."))
    return redirect("tool-detail", pk)


@require_POST
@permission_required("manage_tools")
def tool_disable(request: PersonRequest, pk: UUID) -> HttpResponse:
    enabling.disable(changeable_tool(request, pk), now=clock.now())
    messages.success(
        request, _("Disabled. No launch starts, and its tokens stopped working. You can enable it again.")
    )
    return redirect("tool-detail", pk)


@require_POST
@permission_required("manage_tools")
def deployment_new(request: PersonRequest, pk: UUID) -> HttpResponse:
    registration = changeable_tool(request, pk)
    form = OwnedForm(request.POST, viewer=request.user)
    if form.is_valid():
        registering.deploy(registration, organization=form.cleaned_data["organization"], now=clock.now())
        messages.success(request, _("Deployed. Its deployment id is on the sheet for the vendor."))
    else:
        messages.error(request, _("Nothing was deployed: choose one of your organizations."))
    return redirect("tool-detail", pk)


@require_POST
@permission_required("manage_tools")
def deployment_switch(request: PersonRequest, pk: UUID, deployment_pk: UUID) -> HttpResponse:
    registration = visible_tool(request, pk)
    rows = overseeing.visible_deployments(request.user, registration=registration)
    deployment = get_object_or_404(rows, pk=deployment_pk)
    enabled = request.POST.get("enabled") == "yes"
    enabling.switch_deployment(deployment, enabled=enabled, now=clock.now())
    messages.success(request, _("The deployment is on.") if enabled else _("The deployment is off."))
    return redirect("tool-detail", pk)


@require_POST
@permission_required("manage_tools")
def key_set_fetch(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Asks the tool for its key set now, so that Ada sees whether it can be had."""
    registration = changeable_tool(request, pk)
    row = fetching.refresh(registration, now=clock.now()) if registration.jwks_uri else None
    if row and row.last_error:
        messages.error(request, _("The key set did not come: %(error)s") % {"error": row.last_error})
    else:
        messages.success(request, _("The key set is here."))
    return redirect("tool-detail", pk)
