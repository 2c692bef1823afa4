"""The page a person sees when a tool could not open."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from lti_platform.journal.clock import now
from lti_platform.launches.errors import LaunchError, LinkClosed, LinkNotOpenYet, NotAMember
from lti_platform.launches.views.posting import draw
from lti_platform.launches.wording import for_learner
from lti_platform.people.roles import may
from lti_platform.web.words import moment_words


def could_not_open(
    request: HttpRequest, *, error: LaunchError, tool: str, reference: str, status: int
) -> HttpResponse:
    """What happened, that nothing was lost, and the reference; nothing of what was sent is shown."""
    name = tool or _("The tool")
    values = {
        "kind": "act",
        "subject": tool,
        "answer": _("%(tool)s could not open.") % {"tool": name},
        "more": told(error),
        "reference": reference,
        "rule": error.code,
        "next_steps": next_steps(error),
        "back_url": back_url(),
        "back_words": _("Back to the start"),
    }
    return draw(request, "web/message.html", values | inspector(request, reference), status=status)


def inspector(request: HttpRequest, reference: str) -> dict[str, str]:
    """For who may look into it: the way to what happened under this reference."""
    if not reference or not may(request.user, "manage_tools"):
        return {}
    address = f"{reverse('launch-list')}?{urlencode({'q': reference})}"
    return {"action_url": address, "action_words": _("See what happened")}


def told(error: LaunchError) -> str:
    """Why, with the day and hour where one matters."""
    at = getattr(error, "at", None)
    moment = moment_words(at, now=now()) if at else ""
    return str(for_learner(error.code)) % {"at": moment} if moment else str(for_learner(error.code))


def next_steps(error: LaunchError) -> list[str]:
    """What the person can do: come back when it is open, ask for a place, or wait for the administrator."""
    if isinstance(error, LinkNotOpenYet):
        return [_("Come back then. Nothing has to be corrected.")]
    if isinstance(error, LinkClosed):
        return []
    if isinstance(error, NotAMember):
        return [_("Who leads the course can give you a place. Then open it again.")]
    return [_("Your administrator corrects the connection. Until then, trying again gives the same answer.")]


def back_url() -> str:
    """The start of the site."""
    try:
        return reverse("learner-home")
    except NoReverseMatch:
        return reverse("home")
