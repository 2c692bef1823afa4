"""What a tool may learn of a person, by the privacy level of its registration; asked wherever a person is described.

| level | claims, members, variables |
|---|---|
| public | name, e-mail, language, the employer's id, and where the person works |
| name | name |
| email | e-mail |
| anonymous | nothing |

The opaque id (`sub`, `user_id`, `User.id`) is sent at every level: tools need it to give scores back, and the
certification suite takes a message without `sub` for a broken one. So is the language of our page.
"""

from lti_platform.people.models import Person
from lti_platform.tools.models import Registration

Privacy = Registration.Privacy
_SHOWS_NAME = frozenset({Privacy.PUBLIC, Privacy.NAME})
_SHOWS_EMAIL = frozenset({Privacy.PUBLIC, Privacy.EMAIL})
# Variables of what we keep of nobody: known to be empty, to tools that might learn it.
_NO_NAMES = dict.fromkeys((f"Person.name.{part}" for part in ("middle", "prefix", "suffix")), "")
_NO_DETAILS = dict.fromkeys(
    (
        *("User.image", "User.org", "User.gradeLevels.oneRoster"),
        *("Person.gender", "Person.gender.pronouns", "Person.webaddress", "Person.sms"),
        *(f"Person.address.street{n}" for n in range(1, 5)),
        *(f"Person.address.{part}" for part in ("locality", "statepr", "country", "postcode")),
        *(f"Person.phone.{kind}" for kind in ("mobile", "primary", "home", "work")),
    ),
    "",
)


def shows_name(level: str) -> bool:
    """Whether tools of this level may know what the person is called."""
    return level in _SHOWS_NAME


def shows_email(level: str) -> bool:
    """Whether tools of this level may know the person's e-mail address."""
    return level in _SHOWS_EMAIL


def shows_all(level: str) -> bool:
    """Whether tools of this level may know the employer's id, the language, and where the person works."""
    return level == Privacy.PUBLIC


def naming_claims(person: Person, *, level: str) -> dict[str, str]:
    """`name`, `given_name`, `family_name` and `email`, as id_tokens and rosters call them; only what is known."""
    told: dict[str, str] = {}
    if shows_name(level):
        given_name, family_name = person.given_name.strip(), person.family_name.strip()
        whole = f"{given_name} {family_name}".strip()
        told |= {"name": whole, "given_name": given_name, "family_name": family_name}
    if shows_email(level):
        told["email"] = (person.email or "").strip()
    return {name: value for name, value in told.items() if value}


def identity_claims(person: Person, *, level: str) -> dict[str, str]:
    """The OpenID Connect claims of an id_token (LTI Core 5.3.6), without `sub`."""
    told = naming_claims(person, level=level)
    return {**told, "locale": person.locale} if shows_all(level) and person.locale else told


def member_fields(person: Person, *, level: str) -> dict[str, str]:
    """The naming members of an element of `members` (NRPS 2.2), without `user_id`."""
    told = naming_claims(person, level=level)
    if number := sourced_id(person, level=level):
        told["lis_person_sourcedid"] = number
    return told


def sourced_id(person: Person, *, level: str) -> str:
    """The id the person's employer gave them (`person_sourcedid`, LTI Core 5.4.5), or "" where it may not be known."""
    return person.employee_id.strip() if shows_all(level) else ""


def variables(person: Person, *, level: str) -> dict[str, str]:
    """User and Person variables (LTI Core, B.1 and B.2) by name: those of the level, known to be empty included."""
    told = {"User.id": str(person.pk)}
    if shows_name(level):
        told |= {
            "Person.name.full": person.full_name,
            "Person.name.given": person.given_name,
            "Person.name.family": person.family_name,
            **_NO_NAMES,
        }
    if shows_email(level):
        address = person.email or ""
        told |= {"Person.email.primary": address, "User.username": address, "Person.email.personal": ""}
    if shows_all(level):
        told |= {"Person.sourcedId": person.employee_id, **_NO_DETAILS}
    return told
