"""What the variables of custom parameters stand for (LTI Core, appendix B), each a string.

One we know is empty where there is nothing to say; one that the tool may not know is left out, and so passes
unresolved. Rooms to the right add theirs through `contributes_variables`.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime
from urllib.parse import quote

from django.conf import settings

from lti_platform.courses.memberships import membership_of, mentored_by
from lti_platform.courses.models import Context, Membership, ResourceLink
from lti_platform.courses.vocabulary import context_type_uri
from lti_platform.launches import addresses
from lti_platform.launches.contributing import variables_for
from lti_platform.launches.models import Launch
from lti_platform.launches.vocabulary import DOCUMENT_TARGETS, PRODUCT_FAMILY_CODE
from lti_platform.people.models import Person
from lti_platform.tools import privacy
from lti_platform.tools.models import Registration

# Vendor variables are named by a reversed domain (LTI Core, B.1).
VENDOR = "example.proctored-credentials."
# These cost a query, and are read only where one of them is asked for.
OF_WORK = ("Person.address.timezone", f"{VENDOR}Person.organization", f"{VENDOR}Person.site")
OF_MEMBERSHIP = ("Membership.status", "Membership.createdTimestamp")
MENTORED = ("User.scope.mentor", "Membership.role.scope.mentor")
DEARER = frozenset({*OF_WORK, *OF_MEMBERSHIP, *MENTORED})


def supported() -> list[str]:
    """The names, without `$`, of every variable this room resolves; rooms to the right advertise their own."""
    nobody, public = Person(), Registration.Privacy.PUBLIC
    return [
        *privacy.variables(nobody, level=public),
        *of_real_person(None, level=public),
        *of_context(None),
        *of_place(nobody, level=public, context=None, roles=()),
        *of_link(None),
        *(f"Message.{name}" for name in ("returnUrl", "documentTarget", "height", "width", "locale")),
        *of_platform(),
        *sorted(DEARER),
    ]


def variables(launch: Launch, *, roles: Sequence[str], wanted: Collection[str]) -> dict[str, str]:
    """Values by name, without the `$`: at least those wanted that we know and the tool may know."""
    level = launch.registration.privacy
    user = launch.user
    known = {
        **privacy.variables(user, level=level),
        **of_real_person(launch.person if launch.is_test else None, level=level),
        **of_context(launch.context),
        **of_place(user, level=level, context=launch.context, roles=roles),
        **of_link(launch.resource_link),
        **of_message(launch),
        **of_platform(),
    }
    if DEARER.intersection(wanted):
        known |= dearer(launch, user=user, wanted=wanted)
    return known if known.keys() >= set(wanted) else {**known, **variables_for(launch)}


def dearer(launch: Launch, *, user: Person, wanted: Collection[str]) -> dict[str, str]:
    """Those that cost a query."""
    known: dict[str, str] = {}
    if set(OF_WORK).intersection(wanted) and privacy.shows_all(launch.registration.privacy):
        known |= of_work(user)
    if set(OF_MEMBERSHIP).intersection(wanted):
        place = membership_of(user.pk, launch.context_id) if launch.context_id else None
        known |= of_membership(place)
    if set(MENTORED).intersection(wanted):
        mentored = mentored_by(user.pk, launch.context_id) if launch.context_id else []
        known |= dict.fromkeys(MENTORED, ",".join(mentored))
    return known


def of_real_person(person: Person | None, *, level: str) -> dict[str, str]:
    """ActualUser and ActualPerson: who is behind a test launch; empty in every other."""
    told = privacy.variables(person or Person(), level=level)
    return {f"Actual{name}": value if person else "" for name, value in told.items()}


def of_work(person: Person) -> dict[str, str]:
    """Where the person works."""
    site, organization = person.site, person.organization
    told = (
        site.time_zone if site else "",
        organization.name if organization else "",
        site.name if site else "",
    )
    return dict(zip(OF_WORK, told, strict=True))


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
        **dict.fromkeys(of_course("CourseTemplate", Context()), ""),
        **dict.fromkeys(of_course("CourseSection", Context()), ""),
        **dict.fromkeys(of_course("Group", Context()), ""),
        **dict.fromkeys(of_course("CourseOffering", Context()), ""),
        **of_course(context.type, context),
    }
    if context.type == Context.Type.SECTION:
        told["CourseOffering.sourcedId"] = context.offering_sourced_id
    return told


def of_course(scope: str, context: Context) -> dict[str, str]:
    """A course's details under the name of its type (LTI Core, B.5 to B.8)."""
    told = {"sourcedId": context.sourced_id, "longDescription": context.description}
    if scope != Context.Type.GROUP:
        told |= {"label": context.label, "title": context.title, "courseNumber": context.course_number}
    if scope == Context.Type.OFFERING:
        told["academicSession"] = context.academic_session
    if scope in (Context.Type.SECTION, Context.Type.GROUP):
        told |= {"timeFrame.begin": moment(context.starts_on), "timeFrame.end": moment(context.ends_on)}
    return {f"{scope}.{name}": value for name, value in told.items()}


def of_place(person: Person, *, level: str, context: Context | None, roles: Iterable[str]) -> dict[str, str]:
    """Membership, as far as it costs nothing."""
    told = {
        "Membership.role": ",".join(roles),
        "Membership.collectionSourcedid": context.sourced_id if context else "",
    }
    if privacy.shows_all(level):
        told["Membership.personSourcedId"] = privacy.sourced_id(person, level=level)
        told[f"{VENDOR}Person.jobRole"] = person.job_role
    return told


def of_membership(place: Membership | None) -> dict[str, str]:
    """Whether and since when the person is in the course."""
    told = ("Active", moment(place.created_at)) if place else ("", "")
    return dict(zip(OF_MEMBERSHIP, told, strict=True))


def of_link(link: ResourceLink | None) -> dict[str, str]:
    """ResourceLink. Nobody has times of their own: the empty `.user.` variables say that the general ones hold."""
    if link is None:
        return dict.fromkeys(of_link(ResourceLink()), "")
    told = {
        "id": str(link.pk),
        "title": link.title,
        "description": link.description,
        "id.history": history(link.history),
        "available.startDateTime": moment(link.available_from),
        "available.endDateTime": moment(link.available_until),
        "submission.startDateTime": moment(link.submission_from),
        "submission.endDateTime": moment(link.submission_until),
    }
    own = {name.replace(".", ".user.", 1): "" for name in told if name.endswith("DateTime")}
    return {f"ResourceLink.{name}": value for name, value in {**told, **own}.items()}


def of_message(launch: Launch) -> dict[str, str]:
    """Message."""
    size = shown_size(launch)
    return {
        "Message.returnUrl": addresses.return_url(launch),
        "Message.documentTarget": launch.document_target
        if launch.document_target in DOCUMENT_TARGETS
        else "",
        "Message.height": str(size.get("height", "")),
        "Message.width": str(size.get("width", "")),
        "Message.locale": launch.user.locale,
    }


def of_platform() -> dict[str, str]:
    """ToolPlatform and ToolPlatformInstance."""
    return {
        "ToolPlatform.productFamilyCode": PRODUCT_FAMILY_CODE,
        "ToolPlatform.version": settings.PLATFORM_VERSION,
        "ToolPlatformInstance.guid": settings.PLATFORM_GUID,
        "ToolPlatformInstance.name": settings.PLATFORM_NAME,
        "ToolPlatformInstance.description": settings.PLATFORM_DESCRIPTION,
        "ToolPlatformInstance.url": settings.PLATFORM_URL,
        "ToolPlatformInstance.contactEmail": settings.PLATFORM_CONTACT_EMAIL,
    }


def shown_size(launch: Launch) -> dict[str, int]:
    """`width` and `height` in pixels, where the tool's own link sets them."""
    link = launch.resource_link
    if link is None or link.deployment_id != launch.deployment_id:
        return {}
    return {name: size for name, size in (("height", link.height), ("width", link.width)) if size}


def history(ids: Iterable[str]) -> str:
    """Ids as `*.id.history` lists them: URL-encoded, separated by commas, latest first; empty for an original."""
    return ",".join(quote(str(each), safe="") for each in ids)


def moment(value: date | datetime | None) -> str:
    """A day or a moment in UTC as ISO 8601 writes it; empty for none."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return value.isoformat() if value else ""
