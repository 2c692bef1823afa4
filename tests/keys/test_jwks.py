import json
from datetime import datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from keys.errors import (
    AlgorithmRefused,
    JwtMalformed,
    JwtRefused,
    KeyRefused,
    KeySetMalformed,
    KeySetTooBig,
    KeySetUnusable,
    KidMissing,
    KidUnknown,
    PemMalformed,
    PrivateKeyPasted,
    SignatureInvalid,
)
from keys.jwks import MAX_KEY_SET_BYTES, KeySet, verify_tool_jwt
from keys.pem import jwks_from_pem
from keys.publishing import published_key_set
from keys.purposes import Purpose
from keys.rotation import revoke, rotate
from tests.keys import tool


def codes(*jwks: dict[str, Any]) -> set[tuple[str, str]]:
    return {(problem.code, problem.kid) for problem in tool.key_set(tool.jwk("sound"), *jwks).problems}


def test_an_honest_tool_is_believed() -> None:
    assert verify_tool_jwt(tool.token(), key_set=tool.key_set()) == tool.CLAIMS


def test_a_tool_may_publish_several_keys() -> None:
    both = tool.key_set(tool.jwk("honest"), tool.jwk("next"))
    assert verify_tool_jwt(tool.token("next"), key_set=both) == tool.CLAIMS


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", ""])
def test_an_unsigned_token_is_refused(alg: str) -> None:
    with pytest.raises(AlgorithmRefused):
        verify_tool_jwt(tool.unsigned(alg), key_set=tool.key_set())


def test_a_public_key_is_no_shared_secret() -> None:
    with pytest.raises(AlgorithmRefused):
        verify_tool_jwt(tool.signed_with_public_pem_as_secret(), key_set=tool.key_set())


@pytest.mark.parametrize("alg", ["RS384", "RS512", "PS256"])
def test_another_rsa_algorithm_is_refused(alg: str) -> None:
    token = jwt.encode(tool.CLAIMS, tool.private_key(), algorithm=alg, headers={"kid": "honest"})
    with pytest.raises(AlgorithmRefused):
        verify_tool_jwt(token, key_set=tool.key_set())


def test_a_key_meant_for_another_algorithm_is_refused() -> None:
    with pytest.raises(AlgorithmRefused):
        verify_tool_jwt(tool.token(), key_set=tool.key_set(tool.jwk(alg="RS512")))


def test_a_key_need_not_say_its_use_or_algorithm() -> None:
    assert verify_tool_jwt(tool.token(), key_set=tool.key_set(tool.jwk(use=None, alg=None)))


def test_the_key_of_another_tool_does_not_fit() -> None:
    with pytest.raises(SignatureInvalid):
        verify_tool_jwt(tool.token("mallory", kid="honest"), key_set=tool.key_set())


def test_altered_claims_do_not_fit() -> None:
    header, _, signature = tool.token().split(".")
    forged = tool.part({**tool.CLAIMS, "sub": "tool-2"})
    with pytest.raises(SignatureInvalid):
        verify_tool_jwt(f"{header}.{forged}.{signature}", key_set=tool.key_set())


def test_an_unknown_kid_is_told_apart_so_that_the_set_may_be_fetched_again() -> None:
    with pytest.raises(KidUnknown):
        verify_tool_jwt(tool.token(kid="brand-new"), key_set=tool.key_set())


def test_a_missing_kid_is_refused() -> None:
    with pytest.raises(KidMissing):
        verify_tool_jwt(tool.token(kid=None), key_set=tool.key_set())


def test_a_missing_kid_is_allowed_for_a_single_pasted_key() -> None:
    pasted = KeySet.parse(jwks_from_pem(tool.public_pem().decode()).encode())
    assert verify_tool_jwt(tool.token(kid=None), key_set=pasted, allow_missing_kid=True) == tool.CLAIMS


def test_a_missing_kid_is_refused_where_several_keys_could_be_meant() -> None:
    both = tool.key_set(tool.jwk("honest"), tool.jwk("next"))
    with pytest.raises(KidMissing):
        verify_tool_jwt(tool.token(kid=None), key_set=both, allow_missing_kid=True)


def test_an_address_of_keys_in_the_header_is_ignored() -> None:
    elsewhere = "https://mallory.example/keys"
    token = tool.token("mallory", kid="honest", jku=elsewhere, x5u=elsewhere)
    with pytest.raises(SignatureInvalid):
        verify_tool_jwt(token, key_set=tool.key_set())


def test_a_key_in_the_header_is_ignored() -> None:
    token = tool.token("mallory", kid="honest", jwk=tool.jwk("mallory"))
    with pytest.raises(SignatureInvalid):
        verify_tool_jwt(token, key_set=tool.key_set())


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b",
        "a.b.c.d",
        "é.é.é",
        "\ud800.a.b",
        "!!.!!.!!",
        tool.raw(b"[]"),
        tool.raw(b'{"alg": "RS256", "kid": 7}'),
        tool.raw(b'{"alg": "RS256", "kid": "honest", "crit": ["b64"], "b64": false}'),
        tool.raw(b"[" * 9000),
        tool.raw(b'{"alg": "RS256", "kid": "honest"}', b'{"a":' * 9000),
        tool.raw(b'{"alg": "RS256"}', b'{"exp": Infinity}'),
        tool.raw(b'{"alg": "RS256"}', b'{"exp": 1e999}'),
        tool.raw(b'{"alg": "RS256"}', b'{"sub": "lena", "sub": "ada"}'),
        tool.raw(b'{"alg": "RS256"}', b"\xff"),
        "a" * 200_000,
    ],
    ids=[str(number) for number in range(16)],
)
def test_what_is_no_token_is_refused_by_name(token: str) -> None:
    with pytest.raises(JwtMalformed):
        verify_tool_jwt(token, key_set=tool.key_set())


@pytest.mark.parametrize("signature", ["", "x", "====", tool.part(b"0" * 256)])
def test_a_nonsense_signature_is_refused(signature: str) -> None:
    header, claims, _ = tool.token().split(".")
    with pytest.raises(JwtRefused):
        verify_tool_jwt(f"{header}.{claims}.{signature}", key_set=tool.key_set())


@pytest.mark.filterwarnings("ignore:The RSA key is 1024 bits")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"bits": 1024}, "weak_modulus"),
        ({"use": "enc"}, "use_not_signature"),
        ({"kty": "EC"}, "not_rsa"),
        ({"kty": "oct", "k": "c2VjcmV0"}, "not_rsa"),
        ({"e": "AQ"}, "unreadable_key"),
        ({"e": "!"}, "unreadable_key"),
        ({"n": None}, "unreadable_key"),
        ({"n": "_" * 4096}, "unreadable_key"),
        ({"d": "AQAB"}, "private_key_published"),
        ({"key_ops": ["encrypt"]}, "key_ops_not_verify"),
    ],
)
def test_a_bad_key_is_named_and_never_used(change: dict[str, Any], code: str) -> None:
    bad = tool.jwk("honest", **change)
    assert (code, "honest") in codes(bad)
    with pytest.raises(KeyRefused, match=code):
        verify_tool_jwt(
            tool.token("honest", bits=change.get("bits", 2048)), key_set=tool.key_set(tool.jwk("sound"), bad)
        )


def test_a_key_without_kid_is_reported() -> None:
    assert ("missing_kid", "") in codes(tool.jwk("honest", kid=None))


def test_two_keys_of_one_kid_are_both_refused() -> None:
    assert codes(tool.jwk("a", kid="same"), tool.jwk("b", kid="same")) == {("duplicate_kid", "same")}


def test_a_key_of_another_type_may_share_the_kid() -> None:
    mixed = tool.key_set({"kty": "EC", "kid": "honest", "crv": "P-256"}, tool.jwk("honest"))
    assert verify_tool_jwt(tool.token(), key_set=mixed) == tool.CLAIMS


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"keys": {}}',
        b'{"keys": [1]}',
        b"\xff\xfe",
        b'{"keys":' + b"[" * 90_000,
    ],
)
def test_a_malformed_key_set_is_refused(body: bytes) -> None:
    with pytest.raises(KeySetMalformed):
        KeySet.parse(body)


@pytest.mark.parametrize("body", [b" " * (MAX_KEY_SET_BYTES + 1), tool.body(*[{}] * 101)])
def test_an_oversize_key_set_is_refused(body: bytes) -> None:
    with pytest.raises(KeySetTooBig):
        KeySet.parse(body)


@pytest.mark.parametrize(
    "body",
    [tool.body(), tool.body(tool.jwk("weak", 1024)), tool.body(tool.jwk(use="enc"))],
    ids=["no key", "a weak key", "a key to encrypt with"],
)
def test_a_key_set_with_nothing_to_verify_with_is_refused(body: bytes) -> None:
    with pytest.raises(KeySetUnusable):
        KeySet.parse(body)


def test_a_pasted_private_key_is_refused_as_lost() -> None:
    pem = tool.private_key().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with pytest.raises(PrivateKeyPasted):
        jwks_from_pem(pem.decode())


@pytest.mark.parametrize(
    "pem", ["", "ssh-rsa AAAA", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"]
)
def test_what_is_no_pem_is_refused(pem: str) -> None:
    with pytest.raises(PemMalformed):
        jwks_from_pem(pem)


def test_a_pasted_key_keeps_its_thumbprint_as_kid() -> None:
    numbers = json.loads(jwks_from_pem(tool.public_pem().decode()))["keys"][0]
    assert numbers["kid"] == tool.jwk(kid=numbers["kid"])["kid"]
    assert "=" not in numbers["n"] + numbers["kid"]


@pytest.mark.usefixtures("standing_keys")
def test_a_retired_key_stays_published_for_the_overlap(now: datetime) -> None:
    done = rotate(Purpose.ID_TOKEN, now=now, overlap=timedelta(days=7))
    assert {done.retired_kid, done.activated_kid, done.upcoming_kid} <= kids(now=now + timedelta(days=6))
    assert done.retired_kid not in kids(now=now + timedelta(days=7))


@pytest.mark.usefixtures("standing_keys")
def test_a_revoked_key_is_unpublished_at_once(now: datetime) -> None:
    lost = rotate(Purpose.ID_TOKEN, now=now).retired_kid
    revoke(lost, now=now)
    assert lost not in kids(now=now)


@pytest.mark.usefixtures("standing_keys")
def test_published_keys_say_what_lti_asks_and_nothing_private(now: datetime) -> None:
    for jwk in published_key_set(now=now)["keys"]:
        assert set(jwk) == {"kty", "n", "e", "kid", "use", "alg"}
        assert (jwk["kty"], jwk["use"], jwk["alg"]) == ("RSA", "sig", "RS256")
        assert "=" not in jwk["n"]


def kids(*, now: datetime) -> set[str]:
    return {jwk["kid"] for jwk in published_key_set(now=now)["keys"]}
