"""Rows for tests, and the people in them.

Lena learns, Pia proctors, Ada administers, Cora keeps compliance, Mallory attacks.
"""

import itertools
from decimal import Decimal
from typing import Any

from gradebook.models import LineItem
from lti_platform.courses.models import Context, Membership, ResourceLink
from lti_platform.people.models import Organization, Person, RoleGrant, Site
from lti_platform.tools import scopes
from lti_platform.tools.models import Deployment, Registration
from proctoring.models import Exam
from tests.tool_keys import ToolKey, tool_key

_numbers = itertools.count(1)
PASSWORD = "correct horse battery"


def make_organization(name: str = "", **fields: Any) -> Organization:
    """A host company unless told otherwise."""
    name = name or f"Company {next(_numbers)}"
    return Organization.objects.get_or_create(name=name, defaults={"kind": "host", **fields})[0]


def make_site(organization: Organization, name: str = "Site A") -> Site:
    return Site.objects.get_or_create(organization=organization, name=name)[0]


def make_person(
    given: str = "Lena", family: str = "Ruiz", *, organization: Organization | None = None, **fields: Any
) -> Person:
    """An active employee who may sign in with `PASSWORD`."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "employee_id": f"E-{number:05}",
        "email": f"{given}.{number}@example.test".lower(),
        "given_name": given,
        "family_name": family,
        "organization": organization or make_organization("Northgate Energy"),
    }
    return Person.objects.create_user(password=PASSWORD, **{**defaults, **fields})


def grant(person: Person, role: str, organization: Organization | None = None) -> Person:
    """Gives a role and returns the person, freshly read."""
    RoleGrant.objects.create(person=person, role=role, organization=organization)
    return Person.objects.get(pk=person.pk)


def lena(**fields: Any) -> Person:
    """A learner."""
    return make_person("Lena", "Ruiz", **fields)


def pia(organization: Organization | None = None) -> Person:
    """A proctor, for the whole platform unless an organization is given."""
    return grant(make_person("Pia", "Osei"), "proctor", organization)


def ada(organization: Organization | None = None) -> Person:
    """An LMS admin, for the whole platform unless an organization is given."""
    return grant(make_person("Ada", "Lindqvist"), "lms_admin", organization)


def cora(organization: Organization | None = None) -> Person:
    """A compliance officer, for the whole platform unless an organization is given."""
    return grant(make_person("Cora", "Mbeki"), "compliance", organization)


def mallory(role: str = "", organization: Organization | None = None) -> Person:
    """Someone of another company, with a role there if one is named."""
    other = organization or make_organization("Other Company", kind="contractor")
    person = make_person("Mallory", "Stone", organization=other)
    return grant(person, role, other) if role else person


def make_registration(
    name: str = "Reference Tool", *, key: ToolKey | None = None, **fields: Any
) -> Registration:
    """An enabled tool with a pasted key set, every scope we support, and every message type."""
    number = next(_numbers)
    key = key or tool_key()
    host = f"tool-{number}.example.test"
    defaults: dict[str, Any] = {
        "client_id": f"client-{number}",
        "name": name,
        "initiate_login_uri": f"https://{host}/login",
        "redirect_uris": [f"https://{host}/launch"],
        "target_link_uri": f"https://{host}/launch",
        "domains": [host],
        "jwks": key.jwks,
        "scopes": list(scopes.SUPPORTED),
        "messages": [
            {"type": "LtiResourceLinkRequest"},
            {"type": "LtiStartProctoring"},
            {"type": "LtiEndAssessment"},
        ],
    }
    return Registration.objects.create(**{**defaults, **fields})


def make_deployment(registration: Registration | None = None, **fields: Any) -> Deployment:
    registration = registration or make_registration()
    return Deployment.objects.create(
        registration=registration, **{"deployment_id": f"deployment-{next(_numbers)}", **fields}
    )


def make_context(organization: Organization | None = None, **fields: Any) -> Context:
    """A course."""
    return Context.objects.create(
        organization=organization or make_organization("Northgate Energy"),
        **{"label": "REF-1", "title": "Refrigerant handling", **fields},
    )


def make_membership(person: Person, context: Context, *roles: str, **fields: Any) -> Membership:
    """A place in the course, as Learner unless roles are named."""
    return Membership.objects.create(
        person=person, context=context, roles=list(roles or ("Learner",)), **fields
    )


def make_link(
    context: Context | None = None, deployment: Deployment | None = None, **fields: Any
) -> ResourceLink:
    return ResourceLink.objects.create(
        context=context or make_context(),
        deployment=deployment or make_deployment(),
        **{"title": "Refrigerant handling exam", **fields},
    )


def make_line_item(link: ResourceLink | None = None, **fields: Any) -> LineItem:
    """A coupled line item out of 100 on the link."""
    link = link or make_link()
    defaults: dict[str, Any] = {
        "context": link.context,
        "deployment": link.deployment,
        "resource_link": link,
        "label": link.title,
        "score_maximum": Decimal(100),
        "is_coupled": True,
    }
    return LineItem.objects.create(**{**defaults, **fields})


def make_exam(
    context: Context | None = None,
    *,
    assessment: Deployment | None = None,
    proctoring: Deployment | None = None,
    **fields: Any,
) -> Exam:
    """An exam with its two tools, or the one that does everything, a held line item, and review by a person."""
    context = context or make_context()
    assessment_link = make_link(context, assessment or make_deployment(make_registration("Assessment Tool")))
    is_one_tool = fields.get("kind") == Exam.Kind.ONE_TOOL
    proctoring_link = (
        assessment_link
        if is_one_tool
        else make_link(context, proctoring or make_deployment(make_registration("Proctoring Tool")))
    )
    return Exam.objects.create(
        context=context,
        assessment_link=assessment_link,
        proctoring_link=proctoring_link,
        line_item=make_line_item(assessment_link, holds_results=True),
        **{"title": "Refrigerant handling", "title_es": "Manejo de refrigerantes", **fields},
    )
