"""What the variables of custom parameters stand for (LTI Core, appendix B), each a string.

One we know is empty where there is nothing to say; one that the tool may not know is left out, and so passes
unresolved. Rooms to the right add theirs through `contributes_variables`.
"""

from collections.abc import Collection, Iterable, Sequence

from django.conf import settings

from lti_platform.courses.memberships import membership_of, mentored_by
from lti_platform.courses.models import Context, Membership, ResourceLink
from lti_platform.launches import addresses
from lti_platform.launches.contributing import variables_for
from lti_platform.launches.course_variables import (
    NUMBER_OF_STUDENTS,
    history,
    moment,
    number_of_students,
    of_context,
)
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
REAL_TIME_ZONE = "ActualPerson.address.timezone"
DEARER = frozenset({*OF_WORK, *OF_MEMBERSHIP, *MENTORED, REAL_TIME_ZONE, NUMBER_OF_STUDENTS})


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
    if {*OF_WORK, REAL_TIME_ZONE}.intersection(wanted) and privacy.shows_all(launch.registration.privacy):
        known |= of_work(user)
        known[REAL_TIME_ZONE] = of_work(launch.person)[OF_WORK[0]] if launch.is_test else ""
    if set(OF_MEMBERSHIP).intersection(wanted):
        place = membership_of(user.pk, launch.context_id) if launch.context_id else None
        known |= of_membership(place)
    if set(MENTORED).intersection(wanted):
        mentored = mentored_by(user.pk, launch.context_id) if launch.context_id else []
        known |= dict.fromkeys(MENTORED, ",".join(mentored))
    if NUMBER_OF_STUDENTS in wanted:
        known |= number_of_students(launch.context)
    return known


def of_real_person(person: Person | None, *, level: str) -> dict[str, str]:
    """ActualUser and ActualPerson: who is behind a test launch, and mentors nobody in it; empty in every other."""
    told = {**privacy.variables(person or Person(), level=level), "User.scope.mentor": ""}
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


def of_place(person: Person, *, level: str, context: Context | None, roles: Iterable[str]) -> dict[str, str]:
    """Membership, as far as it costs nothing."""
    told = {
        "Membership.sourcedId": "",
        "Membership.dataSource": "",
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
        "lineitem.releaseDateTime": "",  # results are released one by one
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
