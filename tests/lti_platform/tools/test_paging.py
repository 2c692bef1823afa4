import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from lti_platform.people.models import Organization
from lti_platform.tools import paging
from lti_platform.tools.models import Registration
from lti_platform.tools.service_errors import BadRequest
from tests.factories import make_organization, make_registration

URL = "https://platform.example/list"
FILTERS = {"role": "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner", "tag": "Final"}


def next_query(header: str, *, lower: bool) -> dict[str, str]:
    """The query of the next link, as a client reads it; some lower-case the whole header first."""
    found = re.match(r'<([^>]+)>; rel="next"\Z', header.lower() if lower else header)
    assert found
    return dict(parse_qsl(urlsplit(found[1]).query))


@pytest.mark.django_db
@pytest.mark.parametrize("lower", [False, True])
def test_following_the_links_gives_every_item_once(lower: bool) -> None:
    made = {make_organization().pk for _number in range(7)}
    query, seen = {**FILTERS, "limit": "3"}, []
    for size in (3, 3, 1):
        asked = paging.asked(query)
        assert asked.filters == FILTERS
        page = paging.page(Organization.objects.all(), limit=asked.limit, cursor=asked.cursor)
        assert len(page.items) == size
        seen += [item.pk for item in page.items]
        params = {**asked.filters, "limit": asked.limit}
        header = paging.link_header(URL, params=params, next_cursor=page.next_cursor)
        query = next_query(header, lower=lower) if header else {}
    assert (query, set(seen), len(seen)) == ({}, made, 7)


@pytest.mark.parametrize("limit", ["0", "-1", "abc", "1.5", "٣", "1" * 5000, " 1"])
def test_a_limit_is_a_whole_number_from_one(limit: str) -> None:
    with pytest.raises(BadRequest):
        paging.asked({"limit": limit})


def test_a_limit_is_a_hundred_unless_asked_and_a_thousand_at_most() -> None:
    assert paging.asked({}).limit == 100
    assert paging.asked({"limit": "5000"}).limit == 1000


@pytest.mark.django_db
def test_a_cursor_with_one_character_changed_is_refused() -> None:
    for _number in range(2):
        make_organization()
    cursor = paging.page(Organization.objects.all(), limit=1).next_cursor
    assert cursor == cursor.lower()
    for place, letter in enumerate(cursor):
        spoiled = f"{cursor[:place]}{'a' if letter != 'a' else 'b'}{cursor[place + 1 :]}"
        with pytest.raises(BadRequest):
            paging.asked({"cursor": spoiled})


@pytest.mark.parametrize("cursor", ["x", "é", "1", "a" * 9000, "aaaaaaaa", "=", "mfrggzdfmztwq2lk", " "])
def test_a_cursor_we_did_not_make_is_refused(cursor: str) -> None:
    with pytest.raises(BadRequest):
        paging.asked({"cursor": cursor})


@pytest.mark.django_db
def test_a_cursor_of_another_list_is_refused() -> None:
    for _number in range(2):
        make_registration()
    cursor = paging.page(Registration.objects.all(), limit=1).next_cursor
    with pytest.raises(BadRequest):
        paging.page(Organization.objects.all(), limit=1, cursor=cursor)


@pytest.mark.django_db
def test_the_last_page_has_no_next() -> None:
    make_organization()
    assert paging.page(Organization.objects.all(), limit=1).next_cursor == ""
    assert paging.link_header(URL, params={}, next_cursor="") == ""
