import pytest
from django.conf import LazySettings

from proctoring.evidence.checks import check_store

BUCKET = {"EVIDENCE_BUCKET": "evidence", "HTTPS": True}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"HTTPS": True}, ["evidence.W001"]),
        ({**BUCKET, "EVIDENCE_ENDPOINT": ""}, []),
        ({**BUCKET, "EVIDENCE_ENDPOINT": "https://s3.example.test"}, []),
        ({**BUCKET, "EVIDENCE_ENDPOINT": "http://s3.example.test"}, ["evidence.E002"]),
        ({"EVIDENCE_ENDPOINT": "https://s3.example.test"}, ["evidence.E001"]),
        ({"EVIDENCE_ITEM_MAX_BYTES": 0}, ["evidence.E003"]),
    ],
)
def test_evidence_must_have_somewhere_safe_to_go(
    settings: LazySettings, changes: dict[str, object], expected: list[str]
) -> None:
    for name, value in changes.items():
        setattr(settings, name, value)
    assert [message.id for message in check_store()] == expected
