"""A company's own LMS: our platform once more, bare, with a database and a folder of its own, on a host of its own.

Run as a program it fills its folder: `python -m tests.browser.company_lms TOOL.json` makes its people and its course,
registers the tool, and prints what the tool's side must know.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.browser.acting import PASSWORD
from tests.services.postgres import new_database
from tests.services.processes import accepts, free_port, running

ROOT = Path(__file__).resolve().parents[2]
ADA, LENA = "ada@company.example", "lena@company.example"
EMPLOYEE_ID = "NG-20417"
COURSE = "Safety at work"


@dataclass
class CompanyLms:
    """It answers on 127.0.0.1, where cookies of `localhost` do not go. `sheet` is what it tells the tool."""

    port: int
    folder: Path
    tool: Mapping[str, Any]
    environment: dict[str, str] = field(default_factory=dict)
    sheet: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def variables(self) -> dict[str, str]:
        """The environment of its processes."""
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "lti_platform.settings",
            "PYTHONPATH": str(ROOT),
            "VAR_DIR": str(self.folder),
            "PLATFORM_URL": self.url,
            "PLATFORM_NAME": "Company Learning",
            **self.environment,
        }

    def prepare(self) -> None:
        """Its people, its course, and the tool as its admin registers it."""
        described = self.folder / "tool.json"
        described.write_text(json.dumps(self.tool), encoding="utf-8")
        command = [sys.executable, "-m", "tests.browser.company_lms", str(described)]
        done = subprocess.run(command, cwd=ROOT, env=self.variables, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        self.sheet = json.loads(done.stdout)

    @contextlib.contextmanager
    def open(self) -> Iterator[None]:
        """It runs while the block does: one server process, with its worker inside."""
        server = ["-m", "gunicorn", "lti_platform.wsgi", "--bind", f"127.0.0.1:{self.port}", "--workers", "1"]
        threads = ["--worker-class", "gthread", "--threads", "4", "--no-control-socket", "--chdir", str(ROOT)]
        command, log = [sys.executable, *server, *threads], self.folder / "company.log"
        with running(command, ready=lambda: accepts(self.port), log=log, environment=self.variables):
            yield


@contextlib.contextmanager
def company_lms(tool: Mapping[str, Any], *, port: int = 0, **environment: str) -> Iterator[CompanyLms]:
    """The LMS with this tool registered, thrown away afterwards; on PostgreSQL where the suite is."""
    folder = Path(tempfile.mkdtemp(prefix="company-"))
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        if server := os.environ.get("DATABASE_URL"):
            environment["DATABASE_URL"] = stack.enter_context(new_database(server))
        made = CompanyLms(port or free_port(), folder, tool, environment)
        made.prepare()
        stack.enter_context(made.open())
        yield made


def main(described: str) -> None:
    """Fills the folder, and prints the sheet of the tool."""
    import django

    django.setup()

    from django.core.management import call_command

    from lti_platform.courses import memberships
    from lti_platform.courses.placing import create_course
    from lti_platform.journal import clock
    from lti_platform.people import enrolling
    from lti_platform.people.models import Organization
    from lti_platform.tools import signing_keys

    now = clock.now()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    signing_keys.make_missing(now=now)
    company = Organization.objects.create(name="The Company", kind=Organization.Kind.HOST)
    course = create_course(organization=company, label="SAFE-1", title=COURSE, now=now)
    names = {ADA: ("Ada", "Lindqvist", "C-1"), LENA: ("Lena", "Ruiz", EMPLOYEE_ID)}
    people = {
        email: enrolling.enrol(
            now=now, password=PASSWORD, email=email, employee_id=number, given_name=given, family_name=family,
            organization=company,
        )
        for email, (given, family, number) in names.items()
    }  # fmt: skip
    enrolling.grant_role(people[ADA], "lms_admin", None, now=now)
    memberships.enrol(people[LENA], course, roles=["Learner"], now=now)
    call_command("register_tool", described)


if __name__ == "__main__":
    main(sys.argv[1])
