"""Ada's pages: which launches there were, and what happened in one."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from lti_platform.journal.clock import now
from lti_platform.launches import forgetting, inspecting, steps
from lti_platform.launches.forms import LaunchFilter
from lti_platform.launches.models import Launch, LaunchStep
from lti_platform.launches.wording import UNANSWERED, CheckWords, for_admin
from lti_platform.people.access import PersonRequest, permission_required

PAGE_SIZE = 50


@permission_required("manage_tools")
def launch_list(request: PersonRequest) -> HttpResponse:
    """The launches of people one administers, by reference, person, tool and state."""
    form = LaunchFilter(request.GET, tools=inspecting.tools_seen_by(request.user))
    filters = form.filters()
    sight = inspecting.sight_of(request.user)
    rows = inspecting.matching(inspecting.seen_by(request.user), sight=sight, **filters)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    moment = now()
    values = {
        "form": form,
        "page": page,
        "rows": [(launch, sight.name(launch.person), *state_of(launch, moment=moment)) for launch in page],
        "stopped": inspecting.stopped_lately(request.user, now=moment),
        "filtered": any(filters.values()),
        "now": moment,
    }
    if not page.paginator.count:
        values["refusal"] = inspecting.refusal_without_launch(filters["words"], viewer=request.user)
    return render(request, "launches/admin/list.html", values)


@permission_required("manage_tools")
def launch_detail(request: PersonRequest, reference: str) -> HttpResponse:
    """One launch: its steps, where it stopped and on whose side, the difference, two ways to settle it."""
    launch = get_object_or_404(inspecting.seen_by(request.user), reference=reference.upper())
    sight = inspecting.sight_of(request.user)
    failed = inspecting.failure(launch)
    moment = now()
    values = {
        "launch": launch,
        "lines": inspecting.timeline(launch, known=inspecting.identity(launch, sight=sight)),
        "person": sight.name(launch.person),
        "about": sight.name(launch.for_person) if launch.for_person else "",
        "kept_days": forgetting.KEPT.days,
        "standing": standing_of(launch, failed=failed, moment=moment),
        "failed": failed,
        "words": words_for(launch, failed=failed),
        "difference": inspecting.difference(failed) if failed else None,
        "same": inspecting.same_failures(launch, viewer=request.user, now=moment),
        "text": inspecting.as_text(launch, lines=inspecting.timeline(launch)),
        "tool_url": tool_url(launch),
        "now": moment,
    }
    return render(request, "launches/admin/detail.html", values)


def state_of(launch: Launch, *, moment: Any) -> tuple[str, str]:
    """Kind and words of a launch's state."""
    if launch.state == Launch.State.SENT:
        return "proven", _("Sent")
    if launch.state == Launch.State.REFUSED:
        return "act", _("Stopped")
    return ("unknown", _("No answer")) if launch.expires_at <= moment else ("live", _("Started"))


def standing_of(launch: Launch, *, failed: LaunchStep | None, moment: Any) -> dict[str, str]:
    """The page's answer: kind, a sentence, and what it means."""
    kind, _words = state_of(launch, moment=moment)
    tool = launch.registration.name
    if failed:
        words = for_admin(failed.details.get("check", ""))
        place = {"step": inspecting.number_of(failed.name), "of": len(steps.PLANNED), "failed": words.failed}
        return {
            "kind": kind,
            "answer": _("Stopped at step %(step)s of %(of)s: %(failed)s.") % place,
            "more": _("Side: %(side)s. Nothing was started.") % {"side": words.side},
        }
    if kind in {"unknown", "live"}:
        more = _("The browser went to their login page and has not come back. Side: theirs.")
    else:
        more = ""
    answers = {
        "proven": _("%(tool)s got its token."),
        "unknown": _("%(tool)s never asked for its token."),
        "live": _("%(tool)s has not asked for its token yet."),
        "act": _("%(tool)s could not open."),
    }
    return {"kind": kind, "answer": answers[kind] % {"tool": tool}, "more": more}


def words_for(launch: Launch, *, failed: LaunchStep | None) -> CheckWords | None:
    """Why the launch went no further, and what either side does about it; None for one that was sent."""
    if failed:
        return for_admin(failed.details.get("check", ""))
    return UNANSWERED if launch.state == Launch.State.STARTED else None


def tool_url(launch: Launch) -> str:
    """Where the tool's registration is changed; empty where no page has that name."""
    try:
        return reverse("tool-edit", args=[launch.registration_id])
    except NoReverseMatch:
        return ""
