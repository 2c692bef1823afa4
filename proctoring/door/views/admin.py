"""Ada's pages about other platforms: what each side types in, who came, and what went back."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lti_platform.journal import clock
from lti_platform.people.access import PersonRequest, permission_required
from lti_platform.people.scoping import scoped
from proctoring.door import library, platforms, refusals, returning
from proctoring.door.forms import OtherPlatformForm
from proctoring.door.models import OtherPlatform, ReturnedResult, Visitor

PERMISSION = "manage_tools"
SHOWN = 50
State = ReturnedResult.State
KINDS = {State.DUE: "waiting", State.SENT: "proven", State.PARKED: "act"}


def _platforms(request: PersonRequest) -> QuerySet[OtherPlatform]:
    rows = OtherPlatform.objects.select_related("organization").order_by("name", "id")
    return scoped(rows, request.user, PERMISSION, organization="organization_id")


@require_safe
@permission_required(PERMISSION)
def platform_list(request: PersonRequest) -> HttpResponse:
    counted = _platforms(request).annotate(
        people=Count("visitors", distinct=True),
        parked=Count(
            "visitors__returned_results",
            filter=Q(visitors__returned_results__state=State.PARKED),
            distinct=True,
        ),
    )
    values = {
        "platforms": counted,
        "refusals": refusals.latest(None, viewer=request.user),
        "now": clock.now(),
    }
    return render(request, "door/admin/list.html", values)


@permission_required(PERMISSION)
def platform_new(request: PersonRequest) -> HttpResponse:
    form = OtherPlatformForm(request.POST or None, viewer=request.user)
    if form.is_valid():
        made = platforms.save(form.save(commit=False), now=clock.now())
        messages.success(request, _("Added. Type our values into the other side now."))
        return redirect("door-detail", made.pk)
    return render(request, "door/admin/edit.html", {"form": form, "ours": ours()})


@permission_required(PERMISSION)
def platform_edit(request: PersonRequest, pk: UUID) -> HttpResponse:
    platform = get_object_or_404(_platforms(request), pk=pk)
    form = OtherPlatformForm(request.POST or None, instance=platform, viewer=request.user)
    if form.is_valid():
        platforms.save(form.save(commit=False), now=clock.now())
        messages.success(request, _("Saved."))
        return redirect("door-detail", pk)
    return render(request, "door/admin/edit.html", {"form": form, "platform": platform, "ours": ours()})


@require_safe
@permission_required(PERMISSION)
def platform_detail(request: PersonRequest, pk: UUID) -> HttpResponse:
    platform = get_object_or_404(_platforms(request), pk=pk)
    results = ReturnedResult.objects.filter(visitor__platform=platform).select_related(
        "visitor__person", "attempt__exam"
    )
    context = {
        "platform": platform,
        "ours": ours(),
        "visitors": platform.visitors.select_related("person").order_by("-last_at", "id")[:SHOWN],
        "results": [(one, KINDS[State(one.state)]) for one in results.order_by("-created_at", "id")[:SHOWN]],
        "refusals": refusals.latest(platform, viewer=request.user),
        "parked_count": results.filter(state=State.PARKED).count(),
        "now": clock.now(),
    }
    return render(request, "door/admin/detail.html", context)


@require_POST
@permission_required(PERMISSION)
def visitor_forget(request: PersonRequest, pk: UUID, visitor: UUID) -> HttpResponse:
    platform = get_object_or_404(_platforms(request), pk=pk)
    bound = get_object_or_404(Visitor.objects.select_related("person"), pk=visitor, platform=platform)
    if platforms.forget(bound, now=clock.now()):
        messages.success(request, _("Forgotten. The next time this account comes, it is matched anew."))
    else:
        messages.error(request, _("Results went back to this account, so it stays with this person."))
    return redirect("door-detail", pk)


@require_POST
@permission_required(PERMISSION)
def result_send(request: PersonRequest, pk: UUID, result: UUID) -> HttpResponse:
    platform = get_object_or_404(_platforms(request), pk=pk)
    owed = get_object_or_404(ReturnedResult, pk=result, visitor__platform=platform)
    if returning.send_again(owed.pk, now=clock.now()):
        messages.success(request, _("On its way again. A second copy does no harm."))
    else:
        messages.info(request, _("It is not parked any more, or a newer result took its place."))
    return redirect("door-detail", pk)


def ours() -> list[tuple[str, str]]:
    """What the other side is told of us, in the words its forms use."""
    base = settings.PLATFORM_URL
    return [
        (_("Login initiation address"), f"{base}/door/login"),
        (_("Launch and redirect address"), library.launch_url()),
        (_("Deep linking address"), library.launch_url()),
        (_("Key set address"), f"{base}/.well-known/jwks.json"),
        (_("Scope to grant"), "https://purl.imsglobal.org/spec/lti-ags/scope/score"),
        (_("Custom parameter for the employee id"), "employee_id=$Person.sourcedId"),
    ]
