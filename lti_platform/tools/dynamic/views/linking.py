"""Ada lets a tool register itself: she opens its registration page, or sends its vendor a link."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lti_platform.journal import clock
from lti_platform.people.access import PersonRequest, permission_required
from lti_platform.tools.dynamic import addresses, links
from lti_platform.tools.dynamic.forms import InvitationForm, OpenRegistrationForm, VendorForm
from lti_platform.tools.dynamic.refusal_words import in_words
from lti_platform.tools.errors import RegistrationTokenRefused
from lti_platform.tools.models import RegistrationLink
from lti_platform.web.headers import loosen


def own_link(request: PersonRequest, pk: UUID) -> RegistrationLink:
    """The link, which is its admin's alone; else 404."""
    rows = RegistrationLink.objects.select_related("registration").filter(created_by=request.user)
    return get_object_or_404(rows, pk=pk)


@permission_required("manage_tools")
def link_new(request: PersonRequest) -> HttpResponse:
    how, viewer, now = request.POST.get("how"), request.user, clock.now()
    opening = OpenRegistrationForm(request.POST if how == "open" else None, viewer=viewer, prefix="open")
    inviting = InvitationForm(request.POST if how == "invite" else None, viewer=viewer, prefix="invite")
    if opening.is_valid():
        link, _token = links.make(by=viewer, now=now, **opening.cleaned_data)
        return redirect("registration-link", link.pk)
    if inviting.is_valid():
        said = inviting.cleaned_data
        link, token = links.make(
            by=viewer,
            organization=said["organization"],
            note=said["note"],
            lifetime=inviting.lasting,
            now=now,
        )
        return _shown_once(request, link, token=token)
    context = {"opening": opening, "inviting": inviting, "section": "tool-list"}
    return render(request, "tools/dynamic/new.html", context)


def _shown_once(request: PersonRequest, link: RegistrationLink, *, token: str) -> HttpResponse:
    context = {"link": link, "address": addresses.vendor_page(token), "section": "tool-list"}
    response = render(request, "tools/dynamic/invitation.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
@permission_required("manage_tools")
def link_detail(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Where Ada waits for the tool; once it registered, she is taken to its request."""
    link = own_link(request, pk)
    if link.registration:
        return redirect("tool-request", link.registration.pk)
    now = clock.now()
    problems = [(kept["field"], in_words(kept)) for kept in link.refusal]
    context = {
        "link": link, "is_open": link.expires_at > now, "problems": problems, "now": now,
        "section": "tool-list",
    }  # fmt: skip
    response = render(request, "tools/dynamic/link.html", context)
    # The form is posted to us and answered with a redirect to the tool, which may send the window further.
    return loosen(response, csp={"form-action": None})


@require_safe
@permission_required("manage_tools")
def link_state(request: PersonRequest, pk: UUID) -> JsonResponse:
    """How the link stands, for the page that waits: waiting, registered or expired, when a registration was refused
    with it (ISO 8601, empty if none was), and where to go next.
    """
    link = own_link(request, pk)
    state = "registered" if link.registration else "waiting" if link.expires_at > clock.now() else "expired"
    refused = link.refused_at.isoformat() if link.refused_at else ""
    following = reverse("registration-link", args=[pk])
    return JsonResponse({"state": state, "next": following, "refused": refused})


@require_POST
@permission_required("manage_tools")
def link_open(request: PersonRequest, pk: UUID) -> HttpResponse:
    """To the tool's registration page, with a token made for this very visit."""
    link = get_object_or_404(RegistrationLink, pk=own_link(request, pk).pk, tool_url__gt="")
    try:
        token = links.renew(link, now=clock.now())
    except RegistrationTokenRefused:
        return redirect("registration-link", pk)
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return HttpResponseRedirect(links.initiation(link.tool_url, token=token), headers=headers)


@require_POST
@permission_required("manage_tools")
def link_withdraw(request: PersonRequest, pk: UUID) -> HttpResponse:
    if links.withdraw(own_link(request, pk), now=clock.now()):
        messages.success(request, _("Withdrawn. Nobody can register with that link any more."))
    else:
        messages.info(request, _("There was nothing to withdraw: the link was used, or its time was over."))
    return redirect("tool-request-list")


@require_safe
def vendor(request: HttpRequest, token: str) -> HttpResponse:
    """The vendor's page: what to give their tool, or their tool's registration page, opened with it."""
    try:
        link = links.open_link(token, now=clock.now())
    except RegistrationTokenRefused:
        return render(request, "tools/dynamic/vendor_closed.html", status=404)
    form = VendorForm(request.GET if "tool_url" in request.GET else None)
    opened = links.initiation(form.cleaned_data["tool_url"], token=token) if form.is_valid() else ""
    context = {
        "link": link, "form": form, "opened": opened, "token": token, "now": clock.now(),
        "configuration": addresses.configuration(),
    }  # fmt: skip
    response = render(request, "tools/dynamic/vendor.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response
