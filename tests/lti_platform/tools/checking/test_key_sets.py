"""The tool's key set: each thing that can be wrong with it has its own words."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lti_platform.tools.models import FetchedKeySet
from tests.factories import make_registration
from tests.lti_platform.tools.checking.vendor import Vendor
from tests.services.receiver import Answer
from tests.tool_keys import ToolKey, tool_key

pytestmark = pytest.mark.django_db


def serve(vendor: Vendor, *keys: dict[str, Any]) -> None:
    vendor.receiver.answer_with("/jwks", body=json.dumps({"keys": list(keys)}).encode())


def without(key: dict[str, Any], name: str) -> dict[str, Any]:
    return {member: value for member, value in key.items() if member != name}


def test_a_good_set_is_fine_and_kept(vendor: Vendor) -> None:
    assert vendor.code("key_set") == ("key_set_fine", "fine", "")
    assert FetchedKeySet.objects.get().last_error == ""


def test_a_pasted_set_is_judged_without_asking(vendor: Vendor) -> None:
    vendor.registration = make_registration()
    assert vendor.code("key_set")[0] == "key_set_pasted"


@pytest.mark.parametrize(
    ("spoiled", "words"),
    [
        (without(tool_key("a").jwk, "kid"), "no key id"),
        ({**tool_key("a").jwk, "use": "enc"}, "not for signatures"),
        ({**tool_key("a").jwk, "kty": "EC"}, "no RSA key"),
        ({**tool_key("a").jwk, "d": "AQAB"}, "private key"),
        ({**tool_key("a").jwk, "n": "!"}, "can’t be read"),
        ({**tool_key("a").jwk, "key_ops": ["encrypt"]}, "not for verifying"),
        (ToolKey("weak", bits=1024).jwk, "shorter than 2048 bits"),
    ],
)
def test_trouble_with_one_key_is_named_beside_a_good_one(
    vendor: Vendor, spoiled: dict[str, Any], words: str
) -> None:
    serve(vendor, tool_key().jwk, spoiled)
    told = vendor.told("key_set")
    assert (told.kind, told.side) == ("waiting", "Theirs")
    assert words in told.seen


def test_two_keys_of_one_id_are_named(vendor: Vendor) -> None:
    serve(vendor, tool_key("a").jwk, {**tool_key("b").jwk, "kid": "a"})
    told = vendor.told("key_set")
    assert (told.kind, "share this key id" in told.seen) == ("act", True)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(body=b'{"keys": []}'), "key_set_empty"),
        (Answer(body=b"<html>"), "key_set_no_json"),
        (Answer(body=b"x" * 300_000), "key_set_no_json"),
        (Answer(status=403), "key_set_status"),
    ],
)
def test_what_is_no_key_set_is_broken(vendor: Vendor, answer: Answer, code: str) -> None:
    vendor.receiver.answers["/jwks"] = answer
    assert vendor.code("key_set") == (code, "broken", "theirs")
    assert FetchedKeySet.objects.get().last_error


def test_a_set_that_is_no_good_leaves_the_last_good_one_with_the_trouble_beside_it(vendor: Vendor) -> None:
    vendor.check()
    serve(vendor, ToolKey("weak", bits=1024).jwk)
    assert vendor.code("key_set")[0] == "key_set_no_good_key"
    row = FetchedKeySet.objects.get()
    assert (bool(row.body), "weak_modulus" in row.last_error) == (True, True)


@pytest.mark.parametrize(("hours", "code"), [(1, "key_set_kept"), (49, "key_set_unreachable")])
def test_a_set_kept_from_before_serves_for_two_days(vendor: Vendor, hours: int, code: str) -> None:
    vendor.check()
    FetchedKeySet.objects.update(fetched_at=datetime.now(UTC) - timedelta(hours=hours))
    vendor.receiver.answers["/jwks"] = Answer(reset=True)
    assert vendor.code("key_set")[0] == code


def test_an_address_inside_our_walls_is_never_asked(vendor: Vendor, settings: Any) -> None:
    settings.OUTBOUND_PLAIN_HTTP_HOSTS = []
    assert vendor.code("key_set") == ("key_set_unreachable", "broken", "theirs")
    assert vendor.receiver.asked == []
