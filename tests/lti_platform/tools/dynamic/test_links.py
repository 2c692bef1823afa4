from datetime import datetime, timedelta

import pytest

from lti_platform.journal.models import Entry
from lti_platform.tools.dynamic import links
from lti_platform.tools.errors import RegistrationTokenRefused
from lti_platform.tools.models import RegistrationLink
from tests.factories import ada, make_organization
from tests.lti_platform.tools.dynamic.registering import invited, registered

pytestmark = pytest.mark.django_db


def test_a_link_is_good_for_an_hour_and_not_a_moment_longer(now: datetime) -> None:
    _link, token = links.make(by=ada(), organization=None, now=now)
    just_before = now + timedelta(seconds=3599)
    assert links.open_link(token, now=just_before).token_digest == links.digest(token)
    with pytest.raises(RegistrationTokenRefused):
        links.open_link(token, now=now + links.SHORT)


def test_a_link_by_mail_is_good_for_seven_days(now: datetime) -> None:
    _link, token = links.make(by=ada(), organization=None, now=now, lifetime=links.LONG)
    assert links.open_link(token, now=now + timedelta(days=6, hours=23))


def test_a_renewed_link_has_another_token(now: datetime) -> None:
    link, first = links.make(by=ada(), organization=None, now=now)
    later = now + timedelta(days=2)
    second = links.renew(link, now=later)
    assert links.open_link(second, now=later).pk == link.pk
    with pytest.raises(RegistrationTokenRefused):
        links.open_link(first, now=now)


def test_a_used_link_is_not_renewed(now: datetime) -> None:
    tool = invited()
    registered(tool)
    with pytest.raises(RegistrationTokenRefused):
        links.renew(tool.link, now=now)


def test_a_withdrawn_link_opens_nothing(now: datetime) -> None:
    link, token = links.make(by=ada(), organization=None, now=now)
    assert [links.withdraw(link, now=now), links.withdraw(link, now=now)] == [True, False]
    with pytest.raises(RegistrationTokenRefused):
        links.open_link(token, now=now)
    facts = set(Entry.objects.values_list("fact_type", flat=True))
    assert facts == {"tools.registration_link_made", "tools.registration_link_withdrawn"}


def test_a_claim_made_with_the_token_before_fails(now: datetime) -> None:
    link, token = links.make(by=ada(), organization=None, now=now)
    opened = links.open_link(token, now=now)
    links.renew(link, now=now)
    with pytest.raises(RegistrationTokenRefused):
        links.claim(opened, now=now)


def test_an_admin_of_one_organization_backs_links_for_that_one_alone(now: datetime) -> None:
    acme, other = make_organization("Acme"), make_organization("Other")
    person = ada(acme)
    made = [links.make(by=person, organization=whose, now=now)[0] for whose in (acme, other, None)]
    assert [links.is_backed(link, now=now) for link in made] == [True, False, False]


@pytest.mark.parametrize(
    ("address", "begins"),
    [
        ("https://tool.example/register", "https://tool.example/register?openid_configuration=http%3A%2F%2F"),
        ("https://tool.example/r?a=b%20c", "https://tool.example/r?a=b%20c&openid_configuration=http"),
    ],
)
def test_the_tools_own_query_stays(address: str, begins: str) -> None:
    initiated = links.initiation(address, token="tok")
    assert initiated.startswith(begins)
    assert initiated.endswith("openid-configuration&registration_token=tok")


def test_nothing_but_a_digest_is_kept(now: datetime) -> None:
    _link, token = links.make(by=ada(), organization=None, now=now)
    assert token not in str(list(RegistrationLink.objects.values()))
