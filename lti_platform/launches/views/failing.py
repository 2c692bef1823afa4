"""The page a person sees when a tool could not open."""

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from lti_platform.launches.errors import LaunchError
from lti_platform.launches.views.posting import draw
from lti_platform.launches.wording import for_learner


def could_not_open(
    request: HttpRequest, *, error: LaunchError, tool: str, reference: str, status: int
) -> HttpResponse:
    """What happened, that nothing was lost, and the reference; nothing of what was sent is shown."""
    name = tool or _("The tool")
    values = {
        "kind": "act",
        "subject": tool,
        "answer": _("%(tool)s could not open.") % {"tool": name},
        "more": for_learner(error.code),
        "reference": reference,
        "rule": error.code,
        "next_steps": [
            _("Your administrator corrects the connection. Until then, trying again gives the same answer.")
        ],
        "back_url": back_url(),
        "back_words": _("Back to the start"),
    }
    return draw(request, "web/message.html", values, status=status)


def back_url() -> str:
    """The start of the site."""
    try:
        return reverse("learner-home")
    except NoReverseMatch:
        return reverse("home")
