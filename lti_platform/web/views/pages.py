"""Pages for everyone: the start, oneself, privacy, accessibility, help."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from lti_platform.web.context import around


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """To the first page this person may use; to the page about themselves where there is none."""
    found = around(request)["navigation"]
    return redirect(found[0].url if found else "you")


@login_required
def you(request: HttpRequest) -> HttpResponse:
    """Who one is here, password, second step, signing out."""
    return render(request, "web/you.html")


def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about people, why, and for how long."""
    return render(request, "web/privacy.html")


def accessibility(request: HttpRequest) -> HttpResponse:
    """What the pages are checked against, and whom to tell."""
    return render(request, "web/accessibility.html")


def help(request: HttpRequest) -> HttpResponse:
    """What to do when something stops."""
    return render(request, "web/help.html", {"section": "help"})
