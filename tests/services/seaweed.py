"""An S3 server of our own with versions, Object Lock and encryption: SeaweedFS, from the package registry."""

import contextlib
import json
import secrets
import signal
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from mypy_boto3_s3 import S3Client

from tests.services.processes import free_port, running

WEED = Path(sys.executable).parent / "weed"


@dataclass(frozen=True, kw_only=True)
class ObjectStore:
    """Where the server is and what opens it."""

    endpoint: str
    access_key: str
    secret_key: str
    region: str = "us-east-1"

    def client(self) -> S3Client:
        """A client with the credentials of this server."""
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            region_name=self.region,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            config=Config(
                signature_version="s3v4", retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}
            ),
        )

    def environment(self) -> dict[str, str]:
        """What the platform's settings and boto3 read."""
        return {
            "EVIDENCE_ENDPOINT": self.endpoint,
            "EVIDENCE_REGION": self.region,
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
        }

    def new_bucket(self, name: str = "") -> str:
        """The name of a fresh bucket with versions and Object Lock."""
        name = name or f"evidence-{secrets.token_hex(6)}"
        self.client().create_bucket(Bucket=name, ObjectLockEnabledForBucket=True)
        return name


@contextlib.contextmanager
def seaweed() -> Iterator[ObjectStore]:
    """A fresh server. It is killed at the end: asked politely it may take ten minutes."""
    with tempfile.TemporaryDirectory(prefix="seaweed-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        port = free_port()
        store = ObjectStore(
            endpoint=f"http://127.0.0.1:{port}",
            access_key=secrets.token_hex(10),
            secret_key=secrets.token_hex(20),
        )
        with running(
            _command(home, port=port, store=store),
            ready=lambda: _accepts_objects(store),
            log=home / "log",
            stop_signal=signal.SIGKILL,
            environment={"WEED_S3_SSE_KEY": secrets.token_hex(32)},
        ):
            yield store


def _command(home: Path, *, port: int, store: ObjectStore) -> list[str | Path]:
    (home / "data").mkdir()
    (home / "s3.json").write_text(json.dumps(_identities(store)), encoding="utf-8")
    command: list[str | Path] = [WEED, "server", "-s3", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"]
    command += [f"-dir={home / 'data'}", f"-s3.config={home / 's3.json'}", f"-s3.port={port}"]
    command += ["-s3.port.iceberg=0", "-s3.port.lance=0", "-master.telemetry=false", "-volume.max=100"]
    # Left alone, each opens a second port ten thousand above the first, which may be taken.
    for role in ("master", "volume", "filer"):
        command += [f"-{role}.port={free_port()}", f"-{role}.port.grpc={free_port()}"]
    return [*command, f"-s3.port.grpc={free_port()}", "-master.volumeSizeLimitMB=256"]


def _identities(store: ObjectStore) -> dict[str, object]:
    credentials = [{"accessKey": store.access_key, "secretKey": store.secret_key}]
    actions = ["Admin", "Read", "List", "Tagging", "Write"]
    return {"identities": [{"name": "tests", "credentials": credentials, "actions": actions}]}


def _accepts_objects(store: ObjectStore) -> bool:
    """Whether an object can be stored: the port opens seconds before the first volume does."""
    with contextlib.suppress(BotoCoreError, ClientError):
        client = store.client()
        client.create_bucket(Bucket="ready")
        client.put_object(Bucket="ready", Key="ready", Body=b"ready")
        client.delete_object(Bucket="ready", Key="ready")
        client.delete_bucket(Bucket="ready")
        return True
    return False
