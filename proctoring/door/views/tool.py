"""What other platforms' browsers ask of us as a tool: a login, and a launch."""

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from lti_platform.journal import clock
from lti_platform.launches.views.posting import in_passing, post_again
from proctoring.door import arriving, tool
from proctoring.door.errors import DoorError
from proctoring.door.signing_in import BACKEND
from proctoring.door.tool import Request
from proctoring.door.views import answering, offering

PARAMETERS = ("iss", "login_hint", "target_link_uri", "lti_message_hint", "lti_deployment_id", "client_id")
ANSWERED = ("id_token", "state", "error", "error_description")
FRAMES = frozenset({"iframe", "frame"})


@csrf_exempt
@require_http_methods(["GET", "POST"])
def login_initiation(request: HttpRequest) -> HttpResponse:
    """A login initiation; in a frame it asks for a window first, which a proctored exam needs anyway."""
    given = request.GET if request.method == "GET" else request.POST
    if request.headers.get("Sec-Fetch-Dest") in FRAMES:
        fields = [(name, given[name]) for name in PARAMETERS if name in given]
        return answering.window_page(request, fields=fields)
    try:
        return in_passing(redirect(tool.login_address(request)))
    except DoorError as error:
        return answering.refused(request, error)


@csrf_exempt
@require_POST
def launch(request: HttpRequest) -> HttpResponse:
    """A message of another platform: a learner goes to the exam, who builds a course picks one."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES and "repost" not in request.POST:
        fields = [(name, request.POST[name]) for name in ANSWERED if name in request.POST]
        return post_again(request, fields=fields)
    try:
        message = tool.message(request)
        if isinstance(message, Request):
            return offering.choose(request, message)
        person, exam = arriving.arrive(message, now=clock.now())
    except DoorError as error:
        return answering.refused(request, error)
    login(request, person, backend=BACKEND)
    request.session["return_to"] = message.return_url
    return in_passing(redirect("exam-ready", exam.pk))
