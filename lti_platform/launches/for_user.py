"""The person whose work a message is about: the `for_user` claim (Submission Review 1.0)."""

from typing import Any

from lti_platform.launches import access
from lti_platform.launches.models import Launch
from lti_platform.launches.roles import role_uris
from lti_platform.launches.vocabulary import CLAIM
from lti_platform.tools import privacy


def claim(launch: Launch) -> dict[str, Any]:
    """Whose work it is, as far as the tool's privacy level goes, with their roles in the course; else nothing."""
    person = launch.for_person
    if person is None:
        return {}
    level = launch.registration.privacy
    told: dict[str, Any] = {"user_id": str(person.pk), **privacy.naming_claims(person, level=level)}
    if number := privacy.sourced_id(person, level=level):
        told["person_sourcedid"] = number
    if launch.context and (place := access.place_of(person, launch.context)):
        told["roles"] = role_uris(place.roles)
    return {f"{CLAIM}for_user": told}
