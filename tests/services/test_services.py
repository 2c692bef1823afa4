"""The servers that the tests lean on do what they are leaned on for."""

import hashlib
import smtplib
from datetime import UTC, datetime, timedelta

import httpx2
import psycopg
import pytest
import redis
from botocore.exceptions import ClientError

from tests.services.postgres import new_database
from tests.services.seaweed import ObjectStore
from tests.services.smtp import Mailbox

pytestmark = pytest.mark.services


def test_postgres_makes_room_for_each_test(postgres: str) -> None:
    with new_database(postgres) as first, new_database(postgres) as second:
        for url in (first, second):
            with psycopg.connect(url) as connection:
                connection.execute("CREATE TABLE rooms (id int)")


def test_valkey_keeps_a_queue(valkey: str) -> None:
    with redis.Redis.from_url(valkey) as client:
        client.rpush("queue", "1")
        assert client.lpop("queue") == b"1"


def test_a_locked_object_cannot_be_deleted_before_its_time(seaweed: ObjectStore) -> None:
    client, bucket = seaweed.client(), seaweed.new_bucket()
    until = datetime.now(UTC) + timedelta(days=1)
    stored = client.put_object(
        Bucket=bucket,
        Key="segment",
        Body=b"bytes",
        ObjectLockMode="COMPLIANCE",
        ObjectLockRetainUntilDate=until,
    )
    with pytest.raises(ClientError):
        client.delete_object(Bucket=bucket, Key="segment", VersionId=stored["VersionId"])
    assert client.get_object(Bucket=bucket, Key="segment")["Body"].read() == b"bytes"


def test_objects_are_encrypted_on_request(seaweed: ObjectStore) -> None:
    client, bucket = seaweed.client(), seaweed.new_bucket()
    client.put_object(Bucket=bucket, Key="segment", Body=b"bytes", ServerSideEncryption="AES256")
    assert client.head_object(Bucket=bucket, Key="segment")["ServerSideEncryption"] == "AES256"


def test_an_upload_address_takes_what_it_was_signed_for_alone(seaweed: ObjectStore) -> None:
    client, bucket = seaweed.client(), seaweed.new_bucket()
    digest = hashlib.sha256(b"bytes").hexdigest()
    given = {"Bucket": bucket, "Key": "segment", "Metadata": {"sha256": digest}}
    address = client.generate_presigned_url("put_object", Params=given, ExpiresIn=60)
    headers = {"x-amz-meta-sha256": digest}
    assert httpx2.put(address, content=b"bytes", headers=headers).status_code == 200
    assert client.head_object(Bucket=bucket, Key="segment")["Metadata"] == {"sha256": digest}
    assert httpx2.put(address, content=b"bytes").status_code == 403
    elsewhere = address.replace("/segment?", "/other?")
    assert httpx2.put(elsewhere, content=b"bytes", headers=headers).status_code == 403


def test_mail_arrives(mailbox: Mailbox) -> None:
    host, _, port = mailbox.url.removeprefix("smtp://").partition(":")
    with smtplib.SMTP(host, int(port)) as client:
        client.sendmail("us@example.test", ["lena@example.test"], "Subject: Passed\n\nWell done")
    [mail] = mailbox.mails
    assert (mail["Subject"], mail.get_content().strip()) == ("Passed", "Well done")
