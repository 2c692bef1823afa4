import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from lti_platform.tools import fetching, key_sets
from lti_platform.tools.errors import KeySetUnavailable, SignatureRefused
from lti_platform.tools.models import FetchedKeySet, Registration
from tests.factories import make_registration
from tests.services.receiver import Receiver
from tests.tool_keys import ToolKey, tool_key

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def registration(receiver: Receiver) -> Registration:
    publish(receiver, tool_key())
    return make_registration(jwks=None, jwks_uri=receiver.url("/jwks"))


def publish(receiver: Receiver, *keys: ToolKey, **headers: str) -> None:
    body = json.dumps({"keys": [key.jwk for key in keys]}).encode()
    receiver.answer_with("/jwks", body=body, headers=headers)


def verify(registration: Registration, *, now: datetime, key: ToolKey | None = None) -> dict[str, Any]:
    """Reads the registration afresh, as every request does, and verifies a token of the key."""
    row = Registration.objects.select_related("fetched_key_set").get(pk=registration.pk)
    return key_sets.verify((key or tool_key()).sign({"hello": 1}), registration=row, now=now)


@pytest.mark.parametrize(
    ("cache_control", "seconds"),
    [
        ("", 900),
        ("max-age=600", 600),
        ("public, MAX-AGE=600", 600),
        ("max-age=1", 300),
        ("max-age=999999999", 86400),
        ("no-store", 300),
        ("no-cache, max-age=6000", 300),
        ("s-maxage=6000", 900),
        ("max-age=soon", 900),
    ],
)
def test_how_long_a_set_is_kept_is_the_tools_word_within_bounds(cache_control: str, seconds: int) -> None:
    assert fetching.lifetime(cache_control) == timedelta(seconds=seconds)


def test_a_fresh_set_is_not_asked_for_again(
    registration: Registration, receiver: Receiver, now: datetime
) -> None:
    for minutes in range(0, 14, 2):
        assert verify(registration, now=now + timedelta(minutes=minutes)) == {"hello": 1}
    assert len(receiver.asked) == 1


def test_a_fresh_set_costs_no_query(
    registration: Registration, now: datetime, django_assert_num_queries: Any
) -> None:
    verify(registration, now=now)
    with django_assert_num_queries(1):  # the registration itself
        verify(registration, now=now)


def test_an_old_set_is_asked_for_again(registration: Registration, receiver: Receiver, now: datetime) -> None:
    verify(registration, now=now)
    publish(receiver, tool_key("tool-key-2"))
    with pytest.raises(SignatureRefused):
        verify(registration, now=now + timedelta(minutes=16))
    assert len(receiver.asked) == 2


def test_the_last_good_set_serves_while_the_tool_is_down(
    registration: Registration, receiver: Receiver, now: datetime
) -> None:
    verify(registration, now=now)
    receiver.answer_with("/jwks", status=503)
    for hours in (1, 12, 47):
        assert verify(registration, now=now + timedelta(hours=hours)) == {"hello": 1}
    assert "status 503" in FetchedKeySet.objects.get().last_error
    with pytest.raises(KeySetUnavailable):
        verify(registration, now=now + timedelta(hours=49))


def test_a_tool_that_is_down_is_not_asked_at_every_request(
    registration: Registration, receiver: Receiver, now: datetime
) -> None:
    verify(registration, now=now)
    receiver.answer_with("/jwks", status=503)
    later = now + timedelta(hours=1)
    for seconds in range(10):
        verify(registration, now=later + seconds * SECOND)
    assert len(receiver.asked) == 2


def test_a_tool_never_heard_from_is_refused_and_asked_again_later(
    registration: Registration, receiver: Receiver, now: datetime
) -> None:
    receiver.answer_with("/jwks", status=404)
    for seconds in (0, 1, 2):
        with pytest.raises(KeySetUnavailable):
            verify(registration, now=now + seconds * SECOND)
    assert len(receiver.asked) == 1
    publish(receiver, tool_key())
    assert verify(registration, now=now + 20 * SECOND) == {"hello": 1}


def test_an_unknown_kid_asks_again_at_most_once_a_minute(
    registration: Registration, receiver: Receiver, now: datetime
) -> None:
    verify(registration, now=now)
    stranger = tool_key("stranger")
    for seconds in (1, 2, 59):
        with pytest.raises(SignatureRefused) as refused:
            verify(registration, now=now + seconds * SECOND, key=stranger)
        assert refused.value.code == "kid_unknown"
    assert len(receiver.asked) == 2
    publish(receiver, tool_key(), stranger)
    assert verify(registration, now=now + 62 * SECOND, key=stranger) == {"hello": 1}


def test_a_redirect_on_the_same_host_is_followed(
    registration: Registration, receiver: Receiver, now: datetime
) -> None:
    publish(receiver, tool_key())
    moved = receiver.answers["/jwks"]
    receiver.answer_with("/jwks", status=302, headers={"location": "/elsewhere"})
    receiver.answers["/elsewhere"] = moved
    assert verify(registration, now=now) == {"hello": 1}


def test_a_bad_answer_does_not_replace_a_good_set(
    registration: Registration, receiver: Receiver, now: datetime
) -> None:
    verify(registration, now=now)
    receiver.answer_with("/jwks", body=b"<html>")
    assert verify(registration, now=now + timedelta(hours=1)) == {"hello": 1}


def test_a_set_is_parsed_once(registration: Registration, now: datetime) -> None:
    verify(registration, now=now)
    body = FetchedKeySet.objects.get().body
    assert key_sets.parsed(body) is key_sets.parsed(str(body.encode(), "utf-8"))
