"""Who builds a course elsewhere picks one of our exams (Deep Linking 2.0, as a tool)."""

from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from lti_platform.launches.views.posting import draw, in_passing
from lti_platform.web.headers import loosen
from proctoring.door import library, tool
from proctoring.door.errors import ArrivalRefused, DoorError, NotATeacher, NothingAsked
from proctoring.door.tool import Request
from proctoring.door.views import answering
from proctoring.models import Exam
from proctoring.words import title_of

KEPT = "door_request"
TEACH = ("membership#Instructor", "membership#ContentDeveloper", "membership#Administrator")


def choose(request: HttpRequest, asked: Request) -> HttpResponse:
    """On to the page to pick from, which can be loaded again. Raises NotATeacher."""
    if not any(role.endswith(TEACH) for role in asked.roles):
        roles = ", ".join(asked.roles)[:150] or "none"
        raise NotATeacher(f"roles: {roles}", platform=asked.platform)
    request.session[KEPT] = {
        "issuer": asked.platform.issuer,
        "client_id": asked.platform.client_id,
        "deployment_id": asked.deployment_id,
        "settings": asked.settings,
    }
    return in_passing(redirect("door-offer"))


def offered_to(asked: Request) -> QuerySet[Exam]:
    """The exams of the platform's organization."""
    exams = Exam.objects.filter(context__organization=asked.platform.organization_id)
    return exams.select_related("context").order_by("title")


@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest) -> HttpResponse:
    """The organization's exams; the one that was picked, or none, goes back to the other platform."""
    return pick(request) if request.method == "POST" else show(request)


def show(request: HttpRequest) -> HttpResponse:
    """The exams to pick from."""
    try:
        asked = _asked(request)
    except DoorError as error:
        return answering.refused(request, error)
    values = {"platform": asked.platform, "exams": [(one, title_of(one)) for one in offered_to(asked)]}
    return in_passing(render(request, "door/offer.html", values))


def pick(request: HttpRequest) -> HttpResponse:
    """The choice, signed, on its way to the other platform."""
    try:
        asked = _asked(request)
        chosen = _chosen(asked, said=request.POST.get("exam", ""))
    except DoorError as error:
        return answering.refused(request, error)
    del request.session[KEPT]
    address = str(asked.settings["deep_link_return_url"])
    fields = {"JWT": tool.answer_with(chosen, to=asked)}
    page = draw(
        request, "door/picked.html", {"tool": asked.platform.name, "action": address, "fields": fields}
    )
    return loosen(
        page, csp={"form-action": f"'self' {urlsplit(address).scheme}://{urlsplit(address).netloc}"}
    )


def _asked(request: HttpRequest) -> Request:
    """The request that this browser brought, once."""
    kept = request.session.get(KEPT)
    platform = library.find_platform(kept["issuer"], client_id=kept["client_id"]) if kept else None
    if kept is None or platform is None:
        raise NothingAsked
    return Request(
        platform=platform, deployment_id=kept["deployment_id"], roles=(), settings=kept["settings"]
    )


def _chosen(asked: Request, *, said: str) -> Exam | None:
    if not said:
        return None
    try:
        return offered_to(asked).get(pk=UUID(said))
    except (ValueError, Exam.DoesNotExist) as error:
        raise ArrivalRefused("no such exam is offered", platform=asked.platform) from error
