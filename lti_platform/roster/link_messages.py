"""What a launch of a link would say of its members, told in advance (NRPS, message section)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import prefetch_related_objects

from lti_platform.courses.memberships import mentored_by_each
from lti_platform.courses.models import Membership, ResourceLink
from lti_platform.courses.vocabulary import MENTOR
from lti_platform.launches import substitution, variables
from lti_platform.launches.models import Launch
from lti_platform.launches.roles import role_uris
from lti_platform.launches.vocabulary import CLAIM, RESOURCE_LINK_REQUEST
from lti_platform.roster.members import status_of
from lti_platform.tools import privacy

# The variables that differ from member to member; the others are told at every launch.
OF_MEMBERS = ("$User.", "$Person.", "$Membership.", f"${variables.VENDOR}Person.")


def messages(members: Sequence[Membership], *, link: ResourceLink) -> Mapping[int, dict[str, Any]]:
    """The message section of each member, by the membership's key: the claims of its launch that depend on them.

    These are custom parameters, with their variables replaced, and for mentors whom they look after.
    """
    theirs = _parameters_of_members(link)
    wanted = {value[1:] for value in theirs.values()}
    asks_for_mentored = not wanted.isdisjoint(variables.MENTORED)
    mentors = [each.person_id for each in members if asks_for_mentored or MENTOR in role_uris(each.roles)]
    mentored = mentored_by_each(mentors, link.context_id)
    known = _known(members, link=link, wanted=wanted, mentored=mentored)
    return {
        member.pk: {
            f"{CLAIM}message_type": RESOURCE_LINK_REQUEST,
            **_mentored(member, mentored=mentored),
            **_custom(theirs, known=known[member.pk]),
        }
        for member in members
    }


def _mentored(member: Membership, *, mentored: Mapping[UUID, list[str]]) -> dict[str, Any]:
    if MENTOR not in role_uris(member.roles) or not mentored.get(member.person_id):
        return {}
    return {f"{CLAIM}role_scope_mentor": mentored[member.person_id]}


def _custom(theirs: Mapping[str, str], *, known: Mapping[str, str]) -> dict[str, Any]:
    if not theirs:
        return {}
    said = {name: substitution.substituted(value, variables=known) for name, value in theirs.items()}
    return {f"{CLAIM}custom": said}


def _parameters_of_members(link: ResourceLink) -> dict[str, str]:
    """What the link's launches declare, as far as it depends on the member."""
    imagined = Launch(
        resource_link=link,
        deployment=link.deployment,
        registration=link.deployment.registration,
        message_type=RESOURCE_LINK_REQUEST,
    )
    declared = substitution.declared(imagined)
    return {name: value for name, value in declared.items() if value.startswith(OF_MEMBERS)}


def _known(
    members: Sequence[Membership],
    *,
    link: ResourceLink,
    wanted: Collection[str],
    mentored: Mapping[UUID, list[str]],
) -> dict[int, dict[str, str]]:
    """The values that the members' own launches have; what costs a query is read once for all of them."""
    level = link.deployment.registration.privacy
    is_about_work = privacy.shows_all(level) and not set(variables.OF_WORK).isdisjoint(wanted)
    if is_about_work:
        prefetch_related_objects([member.person for member in members], "site", "organization")
    known = {}
    for member in members:
        person, roles = member.person, role_uris(member.roles)
        known[member.pk] = {
            **privacy.variables(person, level=level),
            **variables.of_place(person, level=level, context=link.context, roles=roles),
            **dict.fromkeys(variables.MENTORED, ",".join(mentored.get(person.pk, []))),
            **(variables.of_work(person) if is_about_work else {}),
            **variables.of_membership(member),
            "Membership.status": status_of(member),
        }
    return known
