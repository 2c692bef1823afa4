"""A page of ours with the script that keeps values for tools, alone in a browser: no platform behind it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, request
from playwright.sync_api import Browser, BrowserContext, Frame, Page, sync_playwright

from tests.lti_platform.launches.asking import tools
from tests.sandbox_tests.platform import Server

SCRIPT = Path(__file__).resolve().parents[3] / "lti_platform/launches/static/launches/platform-storage.js"
PAGE = """<!doctype html><title>Ours</title><link rel=icon href='data:,'><body>
<script src=/platform-storage.js data-origins="{origins}" data-visit="{visit}"></script>
<iframe name=tool src="{tool}/launch"></iframe><a href="{tool}/launch" target=_blank rel=opener>Open</a>"""


@dataclass
class Ours:
    """A tab at a page of ours; `visit` stands for the session of the person signed in."""

    context: BrowserContext
    url: str
    origins: list[str]
    page: Page

    def open(self, tool: int = 0, *, visit: str = "one") -> Frame:
        """The tool's frame in our page, loaded anew."""
        self.page.goto(f"{self.url}/page?tool={tool}&visit={visit}")
        frame = self.page.frame("tool")
        assert frame
        frame.wait_for_load_state()
        return frame


def our_site(origins: list[str]) -> Flask:
    """Our page and its script, as the template writes them."""
    app = Flask(__name__)

    @app.get("/page")
    def page() -> str:
        tool = origins[int(request.args["tool"])]
        return PAGE.format(origins=" ".join(origins[:2]), visit=request.args["visit"], tool=tool)

    @app.get("/platform-storage.js")
    def script() -> Any:
        return SCRIPT.read_text(encoding="utf-8"), {"Content-Type": "text/javascript"}

    return app


@dataclass
class Site:
    """Our page's address, two tools that it knows and one that it does not, and a browser to look at them."""

    browser: Browser
    url: str
    origins: list[str]

    @contextmanager
    def tab(self) -> Iterator[Ours]:
        """A tab of a browser of somebody's own."""
        context = self.browser.new_context()
        yield Ours(context, self.url, self.origins, context.new_page())
        context.close()


@contextmanager
def site_of(chromium: Path) -> Iterator[Site]:
    """Everything listening, and closed afterwards."""
    with ExitStack() as stack:
        origins = stack.enter_context(tools(3))
        server = stack.enter_context(Server(our_site(origins), host="localhost"))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        stack.callback(browser.close)
        yield Site(browser, server.url, origins)
