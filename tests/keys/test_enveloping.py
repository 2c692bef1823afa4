import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from keys.checks import check_custody
from keys.enveloping import open_sealed, seal
from keys.errors import KmsUnavailable, SealBroken


@given(plaintext=st.binary(max_size=200), context=st.text(max_size=20))
def test_what_was_sealed_opens_in_its_context(plaintext: bytes, context: str) -> None:
    assert open_sealed(seal(plaintext, context=context), context=context) == plaintext


def test_a_sealed_secret_does_not_open_in_another_place() -> None:
    with pytest.raises(SealBroken):
        open_sealed(seal(b"secret", context="destination:1"), context="destination:2")


@given(position=st.integers(min_value=0), flip=st.integers(min_value=1, max_value=255))
def test_any_altered_byte_is_noticed(position: int, flip: int) -> None:
    sealed = bytearray(seal(b"secret", context="destination:1"))
    sealed[position % len(sealed)] ^= flip
    with pytest.raises(SealBroken):
        open_sealed(bytes(sealed), context="destination:1")


@given(length=st.integers(min_value=0, max_value=96))
def test_any_cut_is_noticed(length: int) -> None:
    with pytest.raises(SealBroken):
        open_sealed(seal(b"secret", context="destination:1")[:length], context="destination:1")


def test_the_same_secret_never_looks_the_same() -> None:
    assert seal(b"secret", context="destination:1") != seal(b"secret", context="destination:1")


def test_the_key_file_is_for_its_owner_alone(settings: Settings, tmp_path: Path) -> None:
    settings.KEY_FILE = tmp_path / "var" / "key"
    seal(b"secret", context="destination:1")
    assert stat.S_IMODE(settings.KEY_FILE.stat().st_mode) == 0o600
    assert list(settings.KEY_FILE.parent.iterdir()) == [settings.KEY_FILE]


def test_a_secret_does_not_open_with_another_machines_key(settings: Settings, tmp_path: Path) -> None:
    sealed = seal(b"secret", context="destination:1")
    settings.KEY_FILE = tmp_path / "key"
    with pytest.raises(SealBroken):
        open_sealed(sealed, context="destination:1")


def test_a_key_file_holding_something_else_is_refused(settings: Settings, tmp_path: Path) -> None:
    settings.KEY_FILE = tmp_path / "key"
    settings.KEY_FILE.write_bytes(b"short")
    with pytest.raises(SealBroken):
        seal(b"secret", context="destination:1")


def test_a_cloud_key_service_not_built_in_is_refused_not_replaced(settings: Settings) -> None:
    settings.KMS_KEY_ID = "arn:aws:kms:example"
    assert [message.id for message in check_custody()] == ["keys.E001"]
    with pytest.raises(KmsUnavailable):
        seal(b"secret", context="destination:1")


def test_a_key_file_open_to_others_is_reported(settings: Settings, tmp_path: Path) -> None:
    settings.KEY_FILE = tmp_path / "key"
    assert check_custody() == []
    settings.KEY_FILE.write_bytes(b"0" * 32)
    settings.KEY_FILE.chmod(0o640)
    assert [message.id for message in check_custody()] == ["keys.W001"]


def test_a_key_file_that_each_machine_makes_for_itself_is_pointed_out(settings: Settings) -> None:
    settings.DATABASE_IS_SHARED = settings.HTTPS = True
    settings.KEY_FILE = Path(settings.VAR_DIR) / "key_encryption_key"
    assert "keys.W002" in [message.id for message in check_custody()]
    settings.KEY_FILE = Path("/run/secrets/key_encryption_key")
    assert check_custody() == []
