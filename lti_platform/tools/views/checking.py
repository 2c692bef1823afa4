"""Ada's check-up of a tool: what works, what does not, whose side that is."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from lti_platform.journal import clock
from lti_platform.people.access import PersonRequest, permission_required
from lti_platform.tools import overseeing, own_keys
from lti_platform.tools.checking import running
from lti_platform.tools.checking.findings import Finding, worst_first
from lti_platform.tools.checking.reading import summary
from lti_platform.tools.checking.wording import row
from lti_platform.tools.views.admin import changeable_tool, visible_tool


@permission_required("manage_tools")
def check_up(request: PersonRequest, pk: UUID) -> HttpResponse:
    """GET shows the last check-up, POST runs one: at most some 12 seconds, whatever the tool does."""
    if request.method == "POST":
        now = clock.now()
        if running.run(changeable_tool(request, pk), now=now).ran_at != now:
            messages.info(request, _told_to_wait(running.PAUSE.seconds))
        return redirect("tool-check-up", pk)
    registration = visible_tool(request, pk)
    last = running.latest(registration)
    findings = worst_first(Finding.from_json(kept) for kept in last.findings) if last else []
    context = {
        "tool": registration,
        "last": last,
        "rows": [row(finding) for finding in findings],
        "summary": summary(last, findings=findings),
        "may_change": overseeing.may_change(request.user, registration=registration),
        "section": "tool-list",
        "now": clock.now(),
    }
    return render(request, "tools/admin/check_up.html", context)


def _told_to_wait(seconds: int) -> str:
    words = ngettext(
        "It ran a moment ago, and this is what it found. Wait %(count)s second to run it again.",
        "It ran a moment ago, and this is what it found. Wait %(count)s seconds to run it again.",
        seconds,
    )
    return words % {"count": seconds}


@require_POST
@permission_required("manage_tools")
def tool_own_keys(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Gives the tool keys of its own, or has it share everybody's again."""
    registration, wanted = changeable_tool(request, pk), request.POST.get("own") == "yes"
    if wanted:
        own_keys.give(registration, now=clock.now())
        said = _("It has keys of its own. Send its vendor the sheet again: the key set address is another.")
    else:
        own_keys.take(registration, now=clock.now())
        said = _("Its launches are signed as everybody’s are. Its own keys stay published for some days.")
    messages.success(request, said)
    return redirect("tool-detail", pk)
