"""The demonstration's people, course, tools, exam, credential and portal: made once, kept on every later start."""

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from certificates.demo.places import Places
from certificates.models import Credential
from certificates.onward import destinations
from certificates.onward.models import Destination
from lti_platform.courses import memberships
from lti_platform.courses.placing import create_course
from lti_platform.people import enrolling
from lti_platform.people.models import Organization, Person, RoleGrant, Site
from lti_platform.tools import registering
from lti_platform.tools.models import Deployment, Registration
from proctoring import exams

PASSWORD = "proctored-demo-2026"  # noqa: S105  (printed at every start; the data is nobody's)
TOOLS = ("proctoring_tool", "assessment_tool")


@dataclass(frozen=True)
class Account:
    """Somebody who can sign in to the demonstration."""

    email: str
    given_name: str
    family_name: str
    what: str
    role: str = ""
    locale: str = "en"
    contractor: bool = False


ACCOUNTS = (
    Account("lena@demo.example", "Lena", "Ruiz", "learner, English", contractor=True),
    Account("mateo@demo.example", "Mateo", "Alvarez", "learner, Spanish", locale="es", contractor=True),
    Account("pia@demo.example", "Pia", "Osei", "proctor", role=RoleGrant.Role.PROCTOR),
    Account("ada@demo.example", "Ada", "Lindqvist", "LMS admin", role=RoleGrant.Role.LMS_ADMIN),
    Account("cora@demo.example", "Cora", "Mbeki", "compliance officer", role=RoleGrant.Role.COMPLIANCE),
)


def descriptions(places: Places) -> dict[str, dict[str, Any]]:
    """What each tool says of itself at its address of today, as it would at dynamic registration."""
    found = {}
    for name in TOOLS:
        command = [sys.executable, "-m", "tests.sandbox.registration", name, "--base-url", places.url(name)]
        answer = subprocess.run(command, check=True, capture_output=True, cwd=settings.BASE_DIR)  # noqa: S603
        found[name] = json.loads(answer.stdout)
    return found


@transaction.atomic
def ensure(
    places: Places, *, described: dict[str, dict[str, Any]], now: datetime
) -> dict[str, dict[str, Any]]:
    """Makes the world, or moves the one there is to today's port; returns each program's configuration."""
    deployments = {name: _tool(description, now=now) for name, description in described.items()}
    if not Organization.objects.filter(name="Northgate Energy").exists():
        _make(deployments, now=now)
    portal = _portal(places, now=now)
    configurations = {name: _tool_configuration(deployment) for name, deployment in deployments.items()}
    return configurations | {"portal": portal}


def _tool(description: dict[str, Any], *, now: datetime) -> Deployment:
    found = Registration.objects.filter(name=description["client_name"]).first()
    if found is None:
        found = registering.register(description, now=now)
    else:
        registering.amend(found, description, now=now)
    return found.deployments.order_by("created_at").first() or registering.deploy(
        found, organization=None, now=now
    )


def _make(deployments: dict[str, Deployment], *, now: datetime) -> None:
    host = Organization.objects.create(name="Northgate Energy", kind=Organization.Kind.HOST)
    contractor = Organization.objects.create(name="Gulf Scaffolding", kind=Organization.Kind.CONTRACTOR)
    site = Site.objects.create(organization=host, name="Site A")
    course = create_course(organization=host, label="HVAC-608", title="HVAC 608", now=now)
    for number, account in enumerate(ACCOUNTS, start=1):
        person = _person(
            account, employer=contractor if account.contractor else host, site=site, number=number, now=now
        )
        if account.role:
            enrolling.grant_role(person, account.role, None, now=now)
        else:
            memberships.enrol(person, course, roles=["Learner"], now=now)
    exam = exams.create(
        course, assessment=deployments["assessment_tool"], proctoring=deployments["proctoring_tool"], now=now,
        title="Refrigerant handling", title_es="Manejo de refrigerantes", minutes=60, questions=25,
        pass_mark_percent=70, attempts_allowed=3,
    )  # fmt: skip
    Credential.objects.create(
        issuer=host, code="RHC", course_id="HVAC-608", title="Refrigerant handling",
        title_es="Manejo de refrigerantes", exam=exam, validity=Credential.Validity.MONTHS, months=36,
    )  # fmt: skip


def _person(account: Account, *, employer: Organization, site: Site, number: int, now: datetime) -> Person:
    return enrolling.enrol(
        now=now,
        password=PASSWORD,
        email=account.email,
        employee_id=f"{'GS' if account.contractor else 'NG'}-{10400 + number}",
        given_name=account.given_name,
        family_name=account.family_name,
        locale=account.locale,
        kind=Person.Kind.CONTRACTOR if account.contractor else Person.Kind.EMPLOYEE,
        organization=employer,
        site=site,
        job_role="HVAC technician" if account.contractor else "",
    )


def _portal(places: Places, *, now: datetime) -> dict[str, Any]:
    """The portal's configuration; its secret is read from the sealed one, never kept in clear by us."""
    url = f"{places.url('portal')}/webhooks/credentials"
    destination = Destination.objects.filter(name="Contractor portal").first()
    if destination is None:
        destination, _secret = destinations.create(
            name="Contractor portal", url=url, sends_score=True, now=now
        )
    elif destination.url != url:
        destination.url = url
        destinations.save(destination, now=now)
    return {"secret": destinations.shown_secret(destination), "name": "Gulf Coast Contractor Portal"}


def _tool_configuration(deployment: Deployment) -> dict[str, Any]:
    return {
        "platform": {
            "issuer": settings.PLATFORM_URL,
            "authorization_endpoint": f"{settings.PLATFORM_URL}/lti/authorize",
            "token_endpoint": f"{settings.PLATFORM_URL}/lti/token",
            "jwks_uri": f"{settings.PLATFORM_URL}/.well-known/jwks.json",
        },
        "client_id": deployment.registration.client_id,
        "deployment_ids": [deployment.deployment_id],
        "segment_seconds": 10,
    }
