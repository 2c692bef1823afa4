"""Roles as a launch says them (LTI Core, appendices A.2.3 and A.2.3.2)."""

from collections.abc import Collection, Iterable

from lti_platform.courses.models import Context
from lti_platform.courses.vocabulary import INSTITUTION_ADMINISTRATOR, MEMBERSHIP, role_uri
from lti_platform.people.models import Person
from lti_platform.people.roles import may

_SUB_ROLES = f"{MEMBERSHIP.removesuffix('#')}/"


def role_uris(names: Iterable[str]) -> list[str]:
    """Full URIs of short or full context roles, each once; a sub-role brings its principal role.

    "Learner" is a role; "Instructor#TeachingAssistant" is a sub-role.
    """
    found: dict[str, None] = {}
    for name in names:
        uri = sub_role_uri(name) if is_short_sub_role(name) else role_uri(name)
        if uri.startswith(_SUB_ROLES):
            principal = uri.removeprefix(_SUB_ROLES).partition("#")[0]
            found[role_uri(principal)] = None
        found[uri] = None
    return list(found)


def is_short_sub_role(name: str) -> bool:
    """Whether the name is a short sub-role, such as "Instructor#Grader"."""
    return "#" in name and not name.startswith("http")


def sub_role_uri(name: str) -> str:
    """ ".../membership/Instructor#Grader" of "Instructor#Grader"."""
    return f"{_SUB_ROLES}{name}"


def institution_roles(person: Person, *, context: Context, roles: Collection[str]) -> list[str]:
    """Administrator of the institution, for who manages courses there and has a role in this one; else nothing.

    Nobody is told to be a learner or an employee of the institution: tools that look for the word would take an
    instructor for a learner. Who has no role in the course has none to tell (Core 5.3.7).
    """
    manages = bool(roles) and may(person, "manage_courses", organization_id=context.organization_id)
    return [INSTITUTION_ADMINISTRATOR] if manages else []
