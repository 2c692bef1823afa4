"""Whatever is sent to whichever address by whomever: an answer of the standard's own, never a crash."""

import uuid
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from lti_platform.people.models import Person
from tests.factories import ada, cora, lena, mallory, pia

pytestmark = pytest.mark.django_db

VALUES = {
    "uuid": "00000000-0000-4000-8000-000000000000",
    "int": "4821",
    "str": "x",
    "slug": "x",
    "path": "x",
}
BODIES: list[tuple[str, bytes]] = [
    ("application/x-www-form-urlencoded", b""),
    ("application/x-www-form-urlencoded", b"a=%00&JWT=x.y.z&reason=%00&item=%00&people=%00&outcome=%00"),
    ("application/x-www-form-urlencoded", b"%ff%fe=%ff&JWT=&JWT=&client_id=a&client_id=b"),
    ("application/json", b'{"a": NaN}'),
    ("application/json", b"[" * 5000),
    ("application/vnd.ims.lis.v1.score+json", b'{"userId": 1}'),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n"),
    ("application/x-www-form-urlencoded; charset=nonsense", b"a=b"),
    ("text/plain; charset=\xff", b"\xff\xfe\x00"),
]
QUERIES = [
    "",
    "?page=-1&q=%00",
    "?since=9999-99-99&until=x&limit=0",
    "?attempt=%00&cursor=zz&role=%00&page=1e9",
]


def addresses(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    """One example of every address there is, with values that name nothing."""
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from addresses(each.url_patterns, before + filled(str(each.pattern)))
        else:
            yield "/" + before + filled(str(each.pattern))


def filled(route: str) -> str:
    """The route with a value for each of its parts; regular expressions become their plain beginning."""
    route = route.lstrip("^").rstrip("$").replace("\\Z", "")
    if "(?P" in route:
        return route.split("(?P")[0] + "x/"
    while "<" in route:
        part = route[route.index("<") : route.index(">") + 1]
        kind = part.strip("<>").split(":")[0] if ":" in part else "str"
        route = route.replace(part, VALUES.get(kind, "x"), 1)
    return route


SAYS_503 = {"/healthz"}  # where nothing sweeps, it is not well, and says so
EVERY = sorted(set(addresses(get_resolver().url_patterns)))
WHO = {"nobody": None, "lena": lena, "pia": pia, "ada": ada, "cora": cora}


def client_of(who: str) -> Client:
    client = Client(raise_request_exception=False)
    make = WHO[who]
    if make is not None:
        client.force_login(make())
    return client


def test_there_are_addresses_to_attack() -> None:
    assert len(EVERY) > 60


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("address", EVERY)
def test_no_address_crashes(address: str, who: str) -> None:
    client = client_of(who)
    for query in QUERIES:
        answer = client.get(address + query, headers={"Accept": "*/*"})
        assert answer.status_code < 500 or address in SAYS_503, (address, query)
    for media_type, body in BODIES if who == "nobody" else BODIES[:3]:
        for method in ("POST", "PUT"):
            answer = client.generic(method, address, data=body, content_type=media_type)
            assert answer.status_code < 500, (address, media_type, body[:40])


@pytest.mark.parametrize("role", ["proctor", "lms_admin", "compliance", "hr_viewer"])
def test_a_stranger_with_a_role_elsewhere_finds_none_of_our_rows(role: str) -> None:
    ours: Person = lena()
    client = Client()
    client.force_login(mallory(role))
    for address in EVERY:
        named = address.replace(VALUES["uuid"], str(ours.pk))
        if named != address:
            assert client.get(named).status_code in {302, 400, 401, 403, 404, 405}, named


def test_a_uuid_that_is_none_is_not_found() -> None:
    assert Client().get(f"/proof/{uuid.uuid4()}/").status_code == 404
