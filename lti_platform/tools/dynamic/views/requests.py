"""Ada decides about tools that registered themselves, and about the changes they ask for."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from lti_platform.journal import clock
from lti_platform.people.access import PersonRequest, permission_required
from lti_platform.tools import overseeing
from lti_platform.tools.dynamic import comparing, deciding
from lti_platform.tools.dynamic.forms import ActivationForm, GrantForm
from lti_platform.tools.errors import AlreadyDecided, DecisionRefused, RequestChanged
from lti_platform.tools.history import history
from lti_platform.tools.models import Registration, RegistrationLink

State = Registration.State
SHOWN = 50
LATE: dict[type[DecisionRefused], str | Promise] = {
    AlreadyDecided: gettext_lazy("Somebody decided about this before you. This is how it stands now."),
    RequestChanged: gettext_lazy(
        "The tool changed its request while you looked at it. Look again before you decide."
    ),
}


def decidable(request: PersonRequest, pk: UUID) -> Registration:
    """The tool, if the viewer decides about its requests; else 404."""
    rows = overseeing.decidable_registrations(request.user).select_related("organization")
    return get_object_or_404(rows, pk=pk)


@require_safe
@permission_required("manage_tools")
def request_list(request: PersonRequest) -> HttpResponse:
    rows, now = overseeing.decidable_registrations(request.user), clock.now()
    own = RegistrationLink.objects.filter(created_by=request.user, used_at=None, expires_at__gt=now)
    context = {
        "pending": rows.filter(state=State.PENDING)[:SHOWN],
        "changes": rows.filter(state=State.ACTIVE, proposed__isnull=False)[:SHOWN],
        "links": own.order_by("-created_at", "id")[:SHOWN],
        "declined": rows.filter(state=State.DECLINED)[:SHOWN],
        "now": now,
        "section": "tool-list",
    }
    return render(request, "tools/dynamic/list.html", context)


@permission_required("manage_tools")
def request_detail(request: PersonRequest, pk: UUID) -> HttpResponse:
    tool = decidable(request, pk)
    if tool.state == State.ACTIVE and tool.proposed is None:
        return redirect("tool-detail", pk)
    form = _form(request, tool)
    if tool.state != State.DECLINED and form.is_valid():
        return _decide(request, tool, form)
    context = {
        "tool": tool,
        "lines": comparing.lines(tool),
        "form": form if tool.state != State.DECLINED else None,
        "history": history(tool),
        "now": clock.now(),
        "section": "tool-list",
    }
    return render(request, "tools/dynamic/detail.html", context)


@require_POST
@permission_required("manage_tools")
def request_decline(request: PersonRequest, pk: UUID) -> HttpResponse:
    tool = decidable(request, pk)
    try:
        if tool.state == State.PENDING:
            deciding.decline(tool, now=clock.now())
            messages.success(request, _("Declined. Nothing of the tool works, and it can no longer ask."))
        else:
            deciding.decline_change(tool, now=clock.now())
            messages.success(request, _("Declined. The tool works as before."))
    except DecisionRefused as error:
        messages.error(request, str(LATE[type(error)]))
    return redirect("tool-request-list")


def _form(request: PersonRequest, tool: Registration) -> GrantForm:
    data = request.POST if request.method == "POST" else None
    if tool.state == State.ACTIVE:
        return GrantForm(data, registration=tool)
    return ActivationForm(data, registration=tool, viewer=request.user)


def _decide(request: PersonRequest, tool: Registration, form: GrantForm) -> HttpResponse:
    seen, now = form.cleaned_data["seen"], clock.now()
    try:
        if isinstance(form, ActivationForm):
            organization = form.cleaned_data["organization"]
            deciding.activate(tool, seen=seen, grant=form.grant, organization=organization, now=now)
            messages.success(request, _("%(tool)s is active and deployed.") % {"tool": tool})
        else:
            deciding.accept_change(tool, seen=seen, grant=form.grant, now=now)
            messages.success(request, _("The change is made."))
    except DecisionRefused as error:
        messages.error(request, str(LATE[type(error)]))
        return redirect("tool-request", tool.pk)
    return redirect("tool-detail", tool.pk)
