"""Ada's page about what a tool is told: which notices it wants, where, and how each fared."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lti_platform.journal import clock
from lti_platform.notices import queueing
from lti_platform.notices.models import Notice, NoticeHandler
from lti_platform.notices.vocabulary import HELLO_WORLD
from lti_platform.people.access import PersonRequest, permission_required
from lti_platform.tools import overseeing
from lti_platform.tools.models import Deployment, Registration
from lti_platform.tools.scopes import NOTICE_HANDLERS

KINDS = {Notice.State.DUE: "waiting", Notice.State.DELIVERED: "proven", Notice.State.DROPPED: "act"}
SHOWN = 50


@require_safe
@permission_required("manage_tools")
def notice_list(request: PersonRequest, pk: UUID) -> HttpResponse:
    tool = get_object_or_404(overseeing.visible_registrations(request.user), pk=pk)
    deployments = overseeing.visible_deployments(request.user, registration=tool)
    notices = Notice.objects.filter(deployment__in=deployments.order_by()).select_related("deployment")
    context = {
        "tool": tool,
        "is_granted": NOTICE_HANDLERS in tool.scopes,
        "handlers": _handlers(tool, deployments=list(deployments)),
        "notices": [
            (one, KINDS[Notice.State(one.state)]) for one in notices.order_by("-created_at", "id")[:SHOWN]
        ],
        "hello": HELLO_WORLD,
        "now": clock.now(),
    }
    return render(request, "notices/admin/list.html", context)


def _handlers(tool: Registration, *, deployments: list[Deployment]) -> list[NoticeHandler]:
    handlers = NoticeHandler.objects.filter(deployment__in=deployments).select_related("deployment")
    return list(handlers.order_by("notice_type", "deployment__created_at", "id"))


@require_POST
@permission_required("manage_tools")
def notice_hello(request: PersonRequest, pk: UUID) -> HttpResponse:
    """A hello-world notice to one handler that wants them, so that Ada sees whether notices arrive."""
    tool = get_object_or_404(overseeing.visible_registrations(request.user), pk=pk)
    deployments = overseeing.visible_deployments(request.user, registration=tool)
    wanting = NoticeHandler.objects.filter(deployment__in=deployments.order_by(), notice_type=HELLO_WORLD)
    for handler in wanting.select_related("deployment"):
        queueing.greet(handler.deployment, now=clock.now())
    messages.success(request, _("A greeting is on its way. Load this page again in a few seconds."))
    return redirect("notice-list", pk)
