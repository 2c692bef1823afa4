"""LTI Core 1.3, appendix B, and the variables of the services: the whole list, as launches replace it."""

from typing import Any

import pytest

from lti_platform.courses.models import Context
from lti_platform.tools import scopes
from lti_platform.tools.dynamic import advertising
from tests.factories import lena, make_line_item, make_membership
from tests.lti_platform.launches.staging import claims_of, lena_starts, start

pytestmark = pytest.mark.django_db
CUSTOM = "https://purl.imsglobal.org/spec/lti/claim/custom"

USER = ("id", "image", "username", "org", "scope.mentor", "gradeLevels.oneRoster")
PERSON = (
    "sourcedId", "name.full", "name.family", "name.given", "name.middle", "name.prefix", "name.suffix", "gender",
    "gender.pronouns", "address.street1", "address.street2", "address.street3", "address.street4",
    "address.locality", "address.statepr", "address.country", "address.postcode", "address.timezone",
    "phone.mobile", "phone.primary", "phone.home", "phone.work", "email.primary", "email.personal", "webaddress",
    "sms",
)  # fmt: skip
COURSE = ("sourcedId", "label", "title", "shortDescription", "longDescription", "courseNumber", "credits")
OF_SECTION = (
    "maxNumberOfStudents", "numberOfStudents", "dept", "timeFrame.begin", "timeFrame.end", "enrollControl.accept",
    "enrollControl.allowed", "dataSource", "sourceSectionId",
)  # fmt: skip
GROUP = (
    "sourcedId", "scheme", "typevalue", "level", "email", "url", "timeFrame.begin", "timeFrame.end",
    "enrollControl.accept", "enrollControl.end", "shortDescription", "longDescription", "parentId",
)  # fmt: skip
CONTEXT = ("id", "org", "type", "label", "title", "sourcedId", "id.history", "gradeLevels.oneRoster")
TIMES = tuple(
    f"{what}.{whose}{when}DateTime"
    for what, whens in (
        ("available", ("start", "end")),
        ("submission", ("start", "end")),
        ("lineitem", ("release",)),
    )
    for whose in ("", "user.")
    for when in whens
)
MEMBERSHIP = (
    "sourcedId", "collectionSourcedid", "personSourcedId", "status", "role", "createdTimestamp", "dataSource",
    "role.scope.mentor",
)  # fmt: skip
SCOPES: dict[str, tuple[str, ...]] = {
    "User": USER,
    "ActualUser": USER,
    "Person": PERSON,
    "ActualPerson": PERSON,
    "Context": CONTEXT,
    "ResourceLink": ("id", "title", "description", "id.history", *TIMES),
    "CourseTemplate": COURSE,
    "CourseOffering": (*COURSE, "academicSession"),
    "CourseSection": (*COURSE, *OF_SECTION),
    "Group": GROUP,
    "Membership": MEMBERSHIP,
    "Message": ("returnUrl", "documentTarget", "height", "width", "locale"),
    "ToolPlatform": ("productFamilyCode", "version"),
    "ToolPlatformInstance": ("guid", "name", "description", "url", "contactEmail"),
}
OF_SERVICES = (
    "LineItems.url", "LineItem.url", "Scores.url", "ToolProxyBinding.memberships.url", "ToolProxyBinding.nrps.url",
    "LtiLink.memberships.url", "LtiLink.acs.url",
)  # fmt: skip
STANDARD = [f"{scope}.{name}" for scope, names in SCOPES.items() for name in names]
# Of services that we do not have; they pass as they are.
OTHERS = (
    "Result.sourcedId", "BasicOutcome.url", "ToolConsumerProfile.url", "ToolProxy.url", "ToolProxy.custom.url",
    "ToolProxyBinding.custom.url", "LtiLink.custom.url", "Caliper.endpoint", "Caliper.federated.session.id",
    "Caliper.scopes",
)  # fmt: skip
NAMES = {f"Person.name.{part}" for part in ("full", "given", "family", "middle", "prefix", "suffix")}
MAIL = {"User.username", "Person.email.primary", "Person.email.personal"}
# What says nothing of the person, or only what tools need to know whose work it is.
FREE = {"User.id", "User.scope.mentor"}


def told(*names: str, **registration: Any) -> dict[str, str]:
    """Custom parameters of Lena's launch, each one of these variables, by the variable's name."""
    stage = lena_starts(custom_parameters={name: f"${name}" for name in names}, **registration)
    return dict(claims_of(stage.ask())[CUSTOM])


@pytest.mark.parametrize("scope", [pytest.param(name, id=f"Core B {name}") for name in SCOPES])
def test_the_whole_list_is_known(scope: str) -> None:
    names = [f"{scope}.{name}" for name in SCOPES[scope]]
    said = told(*names)
    assert [name for name in names if said[name].startswith("$")] == []


@pytest.mark.parametrize(
    "name", [pytest.param(name, id=f"Core B ${name} of a service") for name in OF_SERVICES]
)
def test_the_services_variables_are_known_to_tools_that_may_use_them(name: str) -> None:
    assert not told(name, scopes=scopes.SUPPORTED)[name].startswith("$")
    assert told(name, scopes=[])[name] == f"${name}"


def test_every_variable_of_the_list_is_advertised_and_no_other_service_s() -> None:
    known = set(advertising.variables())
    assert set(STANDARD) | set(OF_SERVICES) <= known
    assert not known.intersection(OTHERS)
    assert told(*OTHERS) == {name: f"${name}" for name in OTHERS}


@pytest.mark.parametrize(
    ("level", "shown"),
    [
        pytest.param("name", FREE | NAMES, id="Core B names only"),
        pytest.param("email", FREE | MAIL, id="Core B e-mail only"),
        pytest.param("anonymous", FREE, id="Core B anonymous"),
    ],
)
def test_what_a_level_hides_passes_unresolved(level: str, shown: set[str]) -> None:
    about = [name for name in STANDARD if name.startswith(("User.", "Person."))]
    said = told(*about, privacy=level)
    assert {name for name in about if said[name] != f"${name}"} == shown


def test_a_section_says_how_many_learn_in_it() -> None:
    stage = lena_starts(custom_parameters={"many": "$CourseSection.numberOfStudents"})
    make_membership(lena(), stage.link.context, "Learner#GuestLearner")
    make_membership(lena(), stage.link.context, "Instructor")
    make_membership(lena(), stage.link.context, status="inactive")
    make_membership(lena(status="inactive"), stage.link.context)
    assert claims_of(stage.ask())[CUSTOM]["many"] == ""
    Context.objects.update(type="CourseSection")
    again = start(stage.person, stage.link, browser=stage.browser)
    assert claims_of(again.ask())[CUSTOM]["many"] == "2"


def test_the_one_item_of_a_link_is_named_and_of_two_none() -> None:
    wanted = {name: f"${name}" for name in ("LineItem.url", "Scores.url")}
    stage = lena_starts(custom_parameters=wanted, scopes=scopes.SUPPORTED)
    item = make_line_item(stage.link)
    said = claims_of(stage.ask())[CUSTOM]
    assert said["LineItem.url"].endswith(f"/lineitems/{item.pk}")
    assert said["Scores.url"] == f"{said['LineItem.url']}/scores"
    make_line_item(stage.link, label="Second")
    again = start(stage.person, stage.link, browser=stage.browser)
    assert claims_of(again.ask())[CUSTOM] == dict.fromkeys(wanted, "")
