"""What the variables about a course stand for: Context, and the scope of the course's own type (LTI Core, B.3 to B.8).

What we keep nothing of is known to be empty.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from urllib.parse import quote

from lti_platform.courses.memberships import holding
from lti_platform.courses.models import Context, Membership
from lti_platform.courses.vocabulary import context_type_uri
from lti_platform.people.models import Person

SCOPES = (Context.Type.TEMPLATE, Context.Type.SECTION, Context.Type.GROUP, Context.Type.OFFERING)
NUMBER_OF_STUDENTS = "CourseSection.numberOfStudents"
# Details that we keep of no course.
_UNKEPT = ("shortDescription", "credits")
_UNKEPT_OF_SECTIONS = (
    "maxNumberOfStudents", "dept", "enrollControl.accept", "enrollControl.allowed", "dataSource", "sourceSectionId",
)  # fmt: skip
_UNKEPT_OF_GROUPS = (
    "shortDescription", "scheme", "typevalue", "level", "email", "url", "enrollControl.accept", "enrollControl.end",
    "parentId",
)  # fmt: skip


def of_context(context: Context | None) -> dict[str, str]:
    """Context, and CourseTemplate, CourseOffering, CourseSection and Group, of which the course is one."""
    if context is None:
        return dict.fromkeys(of_context(Context()), "")
    told = {
        "Context.id": str(context.pk),
        "Context.type": context_type_uri(context.type),
        "Context.label": context.label,
        "Context.title": context.title,
        "Context.sourcedId": context.sourced_id,
        "Context.id.history": history(context.history),
        "Context.org": "",
        "Context.gradeLevels.oneRoster": "",
        **_EMPTY,
        **of_course(context.type, context),
    }
    if context.type == Context.Type.SECTION:
        told["CourseOffering.sourcedId"] = context.offering_sourced_id
    return told


def of_course(scope: str, context: Context) -> dict[str, str]:
    """A course's details under the name of its type (LTI Core, B.5 to B.8)."""
    told = dict.fromkeys(_unkept(scope), "")
    told |= {"sourcedId": context.sourced_id, "longDescription": context.description}
    if scope != Context.Type.GROUP:
        told |= {"label": context.label, "title": context.title, "courseNumber": context.course_number}
    if scope == Context.Type.OFFERING:
        told["academicSession"] = context.academic_session
    if scope in (Context.Type.SECTION, Context.Type.GROUP):
        told |= {"timeFrame.begin": moment(context.starts_on), "timeFrame.end": moment(context.ends_on)}
    return {f"{scope}.{name}": value for name, value in told.items()}


def _unkept(scope: str) -> tuple[str, ...]:
    if scope == Context.Type.GROUP:
        return _UNKEPT_OF_GROUPS
    return (*_UNKEPT, *_UNKEPT_OF_SECTIONS) if scope == Context.Type.SECTION else _UNKEPT


def number_of_students(context: Context | None) -> dict[str, str]:
    """How many learners a section has who are active, there and everywhere, by one query; empty for no section."""
    if context is None or context.type != Context.Type.SECTION:
        return {NUMBER_OF_STUDENTS: ""}
    places = Membership.objects.filter(context=context, status=Membership.Status.ACTIVE)
    active = places.filter(person__status=Person.Status.ACTIVE)
    return {NUMBER_OF_STUDENTS: str(holding(active, role="Learner").count())}


def history(ids: Iterable[str]) -> str:
    """Ids as `*.id.history` lists them: URL-encoded, separated by commas, latest first; empty for an original."""
    return ",".join(quote(str(each), safe="") for each in ids)


def moment(value: date | datetime | None) -> str:
    """A day or a moment in UTC as ISO 8601 writes it; empty for none."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return value.isoformat() if value else ""


_EMPTY = {name: "" for scope in SCOPES for name in of_course(scope, Context())}
