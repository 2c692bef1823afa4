"""Withdrawing a key, giving a tool its own, and trouble with a tool's keys, as Ada sees them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from keys.models import SigningKey
from keys.signing import verify_jwt
from lti_platform.journal.models import Entry
from lti_platform.tools import own_keys
from lti_platform.tools.models import Registration
from tests.attacks.asking_for_tokens import seeker
from tests.browsing import signed_in
from tests.factories import ada, make_organization, make_registration, pia
from tests.tool_keys import ToolKey, tool_key

pytestmark = pytest.mark.django_db
JWKS = "/.well-known/jwks.json"


def active(purpose: str) -> str:
    return SigningKey.objects.get(purpose=purpose, state="active", owner="").kid


def test_the_page_says_what_breaks_and_asks_why() -> None:
    client, kid = signed_in(ada()), active("access_token")
    assert reverse("key-revoke", args=[kid]) in client.get(reverse("key-list")).content.decode()
    text = client.get(reverse("key-revoke", args=[kid])).content.decode()
    assert "Every access token it signed stops working" in text
    refused = client.post(reverse("key-revoke", args=[kid]), {"reason": ""})
    assert (refused.status_code, active("access_token")) == (200, kid)


def test_the_page_says_how_often_keys_change_by_themselves(settings: Any) -> None:
    client = signed_in(ada())
    assert "change by themselves every 90 days" in client.get(reverse("key-list")).content.decode()
    settings.KEY_ROTATION_DAYS = 0
    assert "manage.py rotate_keys" in client.get(reverse("key-list")).content.decode()


def test_what_signs_stands_first_and_what_is_withdrawn_last() -> None:
    client = signed_in(ada())
    client.post(reverse("key-revoke", args=[active("id_token")]), {"reason": "test"})
    keys = [row[0] for row in client.get(reverse("key-list")).context["keys"]]
    assert [key.state for key in keys if key.purpose == "id_token"] == ["active", "upcoming", "revoked"]


def test_a_tool_that_was_never_asked_is_not_said_to_be_in_order() -> None:
    make_registration(jwks=None, jwks_uri="https://tool.example/jwks")
    text = signed_in(ada()).get(reverse("key-list")).content.decode()
    assert "1 tool was not asked for its keys yet" in text


def test_trouble_with_a_tools_key_is_named_where_all_keys_are() -> None:
    weak = ToolKey("short", bits=1024).jwk
    make_registration(jwks={"keys": [tool_key().jwk, weak]})
    text = signed_in(ada()).get(reverse("key-list")).content.decode()
    assert "1 tool has trouble with its keys" in text
    assert all(words in text for words in ("short", "It is shorter than 2048 bits"))


def test_a_revoked_key_opens_nothing_more_and_another_signs_at_once() -> None:
    tool = seeker(make_registration())
    bearer, kid, address = (
        tool.bearer(),
        active("access_token"),
        reverse("ags-lineitems", args=[make_registration().pk]),
    )
    assert Client().get(address, headers={"Authorization": bearer}).status_code == 404
    signed_in(ada()).post(reverse("key-revoke", args=[kid]), {"reason": "a laptop was stolen"})
    assert Client().get(address, headers={"Authorization": bearer}).status_code == 401
    assert kid not in {key["kid"] for key in Client().get(JWKS).json()["keys"]}
    assert Client().get(address, headers={"Authorization": tool.bearer()}).status_code == 404
    entry = Entry.objects.get(fact_type="tools.key_revoked")
    assert (entry.actor_kind, entry.details.note) == ("person", "a laptop was stolen")


def test_a_revoked_key_is_no_more_to_be_revoked() -> None:
    client, kid = signed_in(ada()), active("seal")
    client.post(reverse("key-revoke", args=[kid]), {"reason": "test"})
    assert client.get(reverse("key-revoke", args=[kid])).status_code == 404


def test_only_an_admin_of_the_whole_platform_revokes() -> None:
    kid = active("id_token")
    for person in (pia(), ada(make_organization("Acme"))):
        answer = signed_in(person).post(reverse("key-revoke", args=[kid]), {"reason": "mine"})
        assert answer.status_code == 403
    assert active("id_token") == kid


def test_a_tool_is_given_keys_of_its_own_and_shares_again() -> None:
    tool, client = make_registration(), signed_in(ada())
    client.post(reverse("tool-own-keys", args=[tool.pk]), {"own": "yes"})
    tool = Registration.objects.get()
    token = own_keys.sign_message({"exp": 4e9}, registration=tool)
    assert verify_jwt(token, purpose="id_token", audience=None, now=datetime.now(UTC))  # type: ignore[arg-type]
    client.post(reverse("tool-own-keys", args=[tool.pk]), {"own": "no"})
    assert not Registration.objects.get().has_own_keys


def test_the_key_set_of_one_tool_is_cached_like_the_common_one() -> None:
    address = reverse("tool-key-set", args=[make_registration(client_id="proctor-co").client_id])
    first = Client().get(address)
    assert (first.status_code, first["Cache-Control"]) == (200, "public, max-age=300")
    again = Client().get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert Client().get(reverse("tool-key-set", args=["nobody"])).status_code == 404


def test_trouble_with_a_tools_keys_is_said_in_words_on_its_page() -> None:
    weak = ToolKey("weak", bits=1024).jwk
    tool = make_registration(jwks={"keys": [tool_key().jwk, weak]})
    text = signed_in(ada()).get(reverse("tool-detail", args=[tool.pk])).content.decode()
    assert "Trouble with a key" in text
    assert "It is shorter than 2048 bits" in text
    assert "weak_modulus" not in text
