import json
import time
from datetime import datetime, timedelta
from typing import Any

import jwt
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from keys import custody
from keys.custody import make_key
from keys.errors import (
    AudienceMismatch,
    HeaderRefused,
    KeyUnpublishable,
    NoActiveKey,
    PurposeRefused,
    SealBroken,
    SignatureInvalid,
    TokenExpired,
)
from keys.jwk import from_base64url
from keys.jwks import KeySet, verify_tool_jwt
from keys.models import SigningKey
from keys.publishing import published_key_set
from keys.purposes import Purpose
from keys.rotation import revoke, rotate, sweep
from keys.signing import RELOAD_PAUSE_SECONDS, Signature, sign_bytes, sign_jwt, verify_bytes, verify_jwt
from tests.keys import tool

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_keys")]
AUDIENCE = "https://platform.example/token"


def token(*, now: datetime, purpose: Purpose = Purpose.ACCESS_TOKEN, **change: Any) -> str:
    claims = {"sub": "lena", "aud": AUDIENCE, "exp": int(now.timestamp()) + 300} | change
    return sign_jwt(claims, purpose=purpose)


def verify(signed: str, *, now: datetime, **change: Any) -> dict[str, Any]:
    arguments = {"purpose": Purpose.ACCESS_TOKEN, "audience": AUDIENCE} | change
    return verify_jwt(signed, now=now, **arguments)


def active(purpose: Purpose) -> SigningKey:
    return SigningKey.objects.get(purpose=purpose, state=SigningKey.State.ACTIVE)


def test_anyone_can_verify_with_the_published_set_what_we_signed(now: datetime) -> None:
    published = KeySet.parse(json.dumps(published_key_set(now=now)).encode())
    assert verify_tool_jwt(token(now=now, purpose=Purpose.ID_TOKEN), key_set=published)["sub"] == "lena"


def test_the_header_names_rs256_jwt_and_the_published_key(now: datetime) -> None:
    header = jwt.get_unverified_header(token(now=now, purpose=Purpose.ID_TOKEN))
    assert header == {"alg": "RS256", "typ": "JWT", "kid": active(Purpose.ID_TOKEN).kid}


def test_a_caller_may_set_another_type() -> None:
    assert (
        jwt.get_unverified_header(sign_jwt({}, purpose=Purpose.SEAL, headers={"typ": "at+jwt"}))["typ"]
        == "at+jwt"
    )


@pytest.mark.parametrize("header", ["kid", "alg", "jku", "jwk", "x5u", "x5c", "crit"])
def test_no_caller_may_say_which_key_signed(header: str) -> None:
    with pytest.raises(HeaderRefused):
        sign_jwt({}, purpose=Purpose.ID_TOKEN, headers={header: "https://mallory.example"})


def test_our_own_token_is_believed(now: datetime) -> None:
    assert verify(token(now=now), now=now)["sub"] == "lena"


def test_a_token_of_another_purpose_is_refused(now: datetime) -> None:
    with pytest.raises(SignatureInvalid):
        verify(token(now=now, purpose=Purpose.ID_TOKEN), now=now)


def test_a_token_for_another_audience_is_refused(now: datetime) -> None:
    with pytest.raises(AudienceMismatch):
        verify(token(now=now, aud=["https://elsewhere.example"]), now=now)


def test_a_token_ends_on_its_second_unless_leeway_is_given(now: datetime) -> None:
    signed, end = token(now=now), now + timedelta(seconds=300)
    assert verify(signed, now=end - timedelta(seconds=1))
    assert verify(signed, now=end, leeway_seconds=60)
    with pytest.raises(TokenExpired):
        verify(signed, now=end)


@pytest.mark.parametrize("change", [{"exp": "4102444800"}, {"exp": True}, {"exp": None}, {"nbf": 4102444800}])
def test_a_token_without_sound_times_is_refused(now: datetime, change: dict[str, Any]) -> None:
    with pytest.raises(SignatureInvalid):
        verify(token(now=now, **change), now=now)


def test_a_token_that_never_expires_is_refused(now: datetime) -> None:
    with pytest.raises(SignatureInvalid):
        verify(sign_jwt({"aud": AUDIENCE}, purpose=Purpose.ACCESS_TOKEN), now=now)


def test_a_seal_may_be_timeless(now: datetime) -> None:
    signed = sign_jwt({"number": 7}, purpose=Purpose.SEAL)
    assert verify(signed, now=now, purpose=Purpose.SEAL, audience=None) == {"number": 7}


def test_a_seal_that_names_its_end_is_held_to_it(now: datetime) -> None:
    with pytest.raises(TokenExpired):
        verify(token(now=now, purpose=Purpose.SEAL, exp=1), now=now, purpose=Purpose.SEAL)


@pytest.mark.parametrize(
    "forged",
    ["", "a.b.c", tool.unsigned(), tool.token("mallory"), tool.signed_with_public_pem_as_secret()],
    ids=["empty", "three letters", "unsigned", "signed by mallory", "signed with the public key as a secret"],
)
def test_a_token_of_anyone_else_is_refused(now: datetime, forged: str) -> None:
    with pytest.raises(SignatureInvalid):
        verify(forged, now=now)


def test_a_token_signed_under_our_kid_by_mallory_is_refused(now: datetime) -> None:
    with pytest.raises(SignatureInvalid):
        verify(tool.token("mallory", kid=active(Purpose.ACCESS_TOKEN).kid), now=now)


def test_a_token_outlives_the_retirement_of_its_key_but_not_the_revocation(now: datetime) -> None:
    signed = token(now=now)
    retired = rotate(Purpose.ACCESS_TOKEN, now=now).retired_kid
    assert verify(signed, now=now)
    revoke(retired, now=now)
    with pytest.raises(SignatureInvalid):
        verify(signed, now=now)


def test_the_new_key_signs_right_after_rotation(now: datetime) -> None:
    token(now=now)
    done = rotate(Purpose.ACCESS_TOKEN, now=now)
    assert jwt.get_unverified_header(token(now=now))["kid"] == done.activated_kid


def test_a_key_revoked_by_another_process_is_dropped_when_the_cache_runs_out(
    now: datetime, settings: Settings
) -> None:
    signed = token(now=now)
    verify(signed, now=now)
    SigningKey.objects.filter(purpose=Purpose.ACCESS_TOKEN, state="active").update(state="revoked")
    settings.KEY_CACHE_SECONDS = 0
    with pytest.raises(NoActiveKey):
        token(now=now)
    with pytest.raises(SignatureInvalid):
        verify(signed, now=now)


def test_signing_and_verifying_ask_the_database_nothing_once_warm(now: datetime) -> None:
    verify(token(now=now), now=now)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        verify(token(now=now), now=now)
    assert len(queries) == 0


def test_without_an_active_key_nothing_is_signed(now: datetime) -> None:
    SigningKey.objects.all().delete()
    with pytest.raises(NoActiveKey):
        token(now=now)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"kid": ""}, id="case-031 without kid"),
        pytest.param({"kid": "someone-elses"}, id="case-031 with a kid not in the key set"),
        pytest.param({"public_jwk": {}}, id="case-031 with nothing published"),
    ],
)
def test_a_key_not_published_under_its_kid_refuses_to_sign(now: datetime, change: dict[str, Any]) -> None:
    SigningKey.objects.filter(purpose=Purpose.ID_TOKEN, state="active").update(**change)
    with pytest.raises(KeyUnpublishable):
        token(now=now, purpose=Purpose.ID_TOKEN)


def test_a_private_key_swapped_in_the_database_does_not_open(now: datetime) -> None:
    row, other = active(Purpose.SEAL), active(Purpose.CREDENTIAL)
    custody.forget(row.kid)
    SigningKey.objects.filter(pk=row.pk).update(sealed_private=other.sealed_private)
    with pytest.raises(SealBroken):
        sign_bytes(b"manifest", purpose=Purpose.SEAL)


def test_a_private_key_is_opened_once_per_process() -> None:
    row = active(Purpose.SEAL)
    first = custody.open_private_key(bytes(row.sealed_private or b""), kid=row.kid)
    assert custody.open_private_key(b"not even looked at", kid=row.kid) is first


def test_a_seal_verifies_and_an_altered_manifest_does_not() -> None:
    signature = sign_bytes(b"manifest", purpose=Purpose.SEAL)
    assert verify_bytes(b"manifest", signature=signature)
    assert not verify_bytes(b"manifesto", signature=signature)


def test_a_seal_still_verifies_years_after_its_key_retired(now: datetime) -> None:
    signature = sign_bytes(b"manifest", purpose=Purpose.SEAL)
    rotate(Purpose.SEAL, now=now)
    sweep(now=now + timedelta(days=3000))
    assert verify_bytes(b"manifest", signature=signature, purpose=Purpose.SEAL)


def test_a_seal_by_a_revoked_key_is_worth_nothing(now: datetime) -> None:
    signature = sign_bytes(b"manifest", purpose=Purpose.SEAL)
    revoke(signature.kid, now=now)
    assert not verify_bytes(b"manifest", signature=signature)


def test_the_signature_of_a_token_is_no_seal(now: datetime) -> None:
    signed = token(now=now, purpose=Purpose.ID_TOKEN)
    data, _, value = signed.rpartition(".")
    stolen = Signature(kid=active(Purpose.ID_TOKEN).kid, algorithm="RS256", value=from_base64url(value))
    assert not verify_bytes(data.encode(), signature=stolen)


def test_a_credential_signature_is_no_seal() -> None:
    signature = sign_bytes(b"manifest", purpose=Purpose.CREDENTIAL)
    assert not verify_bytes(b"manifest", signature=signature, purpose=Purpose.SEAL)


def test_a_signature_by_nobody_is_worth_nothing() -> None:
    assert not verify_bytes(b"manifest", signature=Signature(kid="nobody", algorithm="RS256", value=b""))


def test_token_keys_sign_nothing_else() -> None:
    with pytest.raises(PurposeRefused):
        sign_bytes(b"manifest", purpose=Purpose.ID_TOKEN)


def test_a_key_made_by_another_process_is_found_after_a_short_pause(now: datetime) -> None:
    verify(token(now=now), now=now)
    other = make_key()
    SigningKey.objects.create(
        purpose=Purpose.ACCESS_TOKEN,
        kid=other.kid,
        state=SigningKey.State.RETIRED,
        public_jwk=other.public_jwk,
        created_at=now,
    )
    claims = {"aud": AUDIENCE, "exp": int(now.timestamp()) + 300}
    key = custody.open_private_key(other.sealed_private, kid=other.kid)
    signed = jwt.encode(claims, key, algorithm="RS256", headers={"kid": other.kid})
    time.sleep(RELOAD_PAUSE_SECONDS)
    assert verify(signed, now=now) == claims
