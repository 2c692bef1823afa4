"""Lena's browser on exam day, and what her tools send through it and beside it."""

from datetime import UTC, datetime
from typing import Any

from django.test import Client
from django.urls import reverse

from tests.browsing import signed_in
from tests.calling import CallingTool
from tests.proctoring.exam_day import ExamDay, exam_day

START_URL = "/lti/proctoring/start-assessment"


class BrowserDay:
    """An exam day at the present time, with Lena's browser (`lena`) and her proctoring tool (`tool`)."""

    def __init__(self, **fields: Any) -> None:
        self.day: ExamDay = exam_day(datetime.now(UTC), **fields)
        self.lena = signed_in(self.day.person)
        self.day.browser = self.lena.session.session_key or ""

    @property
    def tool(self) -> CallingTool:
        """The proctoring tool, with a token of its own."""
        link = self.day.exam.proctoring_link
        return CallingTool(deployment=link.deployment, context=link.context, link=link)

    @property
    def control_url(self) -> str:
        """Where the tool controls the present session."""
        return reverse("assessment-control", args=[self.day.session.id])

    def post_start(self, token: str | None, *, browser: Client | None = None, **fields: str) -> Any:
        """The tool's form posts the start message through a browser."""
        form = {**({"JWT": token} if token is not None else {}), **fields}
        return (browser or self.lena).post(START_URL, form)

    def control(self, action: str, /, **changes: Any) -> Any:
        """The tool sends a control message."""
        return self.tool.post(self.control_url, self.day.control_body(action, **changes))

    def page(self, name: str, *args: Any) -> Any:
        """Lena opens a page."""
        return self.lena.get(reverse(name, args=args))
