"""Ada's pages about deliveries: what is parked, what is on its way, where it goes."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Min, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from certificates.onward import deliveries, destinations
from certificates.onward.errors import NotParked
from certificates.onward.forms import DestinationForm
from certificates.onward.models import Delivery, Destination
from lti_platform.journal import clock
from lti_platform.people.access import PersonRequest, permission_required
from lti_platform.people.scoping import scoped

STATES = Delivery.State


def _destinations(request: PersonRequest) -> QuerySet[Destination]:
    return scoped(
        Destination.objects.all(), request.user, "manage_destinations", organization="organization_id"
    )


def _deliveries(request: PersonRequest) -> QuerySet[Delivery]:
    rows = Delivery.objects.select_related("destination", "person__organization", "certificate")
    return rows.filter(destination__in=_destinations(request))


@require_safe
@permission_required("manage_destinations")
def delivery_list(request: PersonRequest) -> HttpResponse:
    now, rows = clock.now(), _deliveries(request)
    week = Q(deliveries__settled_at__gte=now - timedelta(days=7))
    counted = _destinations(request).annotate(
        arrived=Count("deliveries", filter=week & Q(deliveries__state=STATES.DELIVERED)),
        under_way=Count("deliveries", filter=Q(deliveries__state=STATES.DUE)),
        parked=Count("deliveries", filter=Q(deliveries__state=STATES.PARKED)),
    )
    context = {
        "parked": rows.filter(state=STATES.PARKED)
        .prefetch_related("tries")
        .order_by("settled_at", "id")[:50],
        "parked_count": rows.filter(state=STATES.PARKED).count(),
        "due_count": rows.filter(state=STATES.DUE).count(),
        "oldest_due": rows.filter(state=STATES.DUE).aggregate(at=Min("created_at"))["at"],
        "destinations": counted.order_by("name", "id"),
        "page": Paginator(rows.order_by("-created_at", "id"), 50).get_page(request.GET.get("page")),
        "now": now,
    }
    return render(request, "onward/admin/list.html", context)


@require_POST
@permission_required("manage_destinations")
def delivery_replay(request: PersonRequest, pk: UUID) -> HttpResponse:
    delivery = get_object_or_404(_deliveries(request), pk=pk)
    try:
        deliveries.replay(delivery.pk, now=clock.now())
        messages.success(request, _("On its way again, with the same id. A second copy does no harm."))
    except NotParked:
        messages.info(request, _("It is not parked any more."))
    return redirect("delivery-list")


@permission_required("manage_destinations")
def destination_new(request: PersonRequest) -> HttpResponse:
    form = DestinationForm(request.POST or None, viewer=request.user)
    del form.fields["is_enabled"]
    if form.is_valid():
        chosen = form.cleaned_data
        made, secret = destinations.create(
            name=chosen["name"], url=chosen["url"], organization=chosen["organization"],
            sends_score=chosen["sends_score"], now=clock.now(),
        )  # fmt: skip
        page = render(request, "onward/admin/made.html", {"destination": made, "secret": secret})
        page["Cache-Control"] = "no-store"
        return page
    return render(request, "onward/admin/new.html", {"form": form, "section": "delivery-list"})


@permission_required("manage_destinations")
def destination_detail(request: PersonRequest, pk: UUID) -> HttpResponse:
    destination = get_object_or_404(_destinations(request), pk=pk)
    form = DestinationForm(request.POST or None, instance=destination, viewer=request.user)
    if form.is_valid():
        destinations.save(form.save(commit=False), now=clock.now())
        messages.success(request, _("Saved. What is owed goes out by the new rules."))
        return redirect("destination-detail", pk)
    rows = (
        _deliveries(request)
        .filter(destination=destination)
        .prefetch_related("tries")
        .order_by("-created_at", "id")
    )
    context = {"destination": destination, "form": form, "section": "delivery-list", "now": clock.now()}
    context["page"] = Paginator(rows, 50).get_page(request.GET.get("page"))
    return render(request, "onward/admin/destination.html", context)
