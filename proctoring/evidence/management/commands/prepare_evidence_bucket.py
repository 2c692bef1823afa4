"""Make the evidence bucket what the platform needs: versions, Object Lock, and CORS for the tools' pages."""

from typing import Any

from botocore.exceptions import ClientError
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from lti_platform.launches import storing
from lti_platform.tools.models import Registration
from lti_platform.tools.scopes import EVIDENCE
from proctoring.evidence.stores.s3 import bucket_client


class Command(BaseCommand):
    help = "Creates EVIDENCE_BUCKET if it is not there, and lets the tools' pages upload. Run it after adding a tool."

    def handle(self, *args: Any, **options: Any) -> None:
        name = settings.EVIDENCE_BUCKET
        if not name:
            raise CommandError(
                "EVIDENCE_BUCKET is not set: evidence lies in folders, which need no preparation."
            )
        client = bucket_client(endpoint=settings.EVIDENCE_ENDPOINT, region=settings.EVIDENCE_REGION)
        if not _exists(client, name):
            _create(client, name)
        client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        _require_lock(client, name)
        origins = allowed_origins()
        _share(client, name, origins=origins)
        self.stdout.write(f"{name}: versions, Object Lock; uploads from {', '.join(origins) or 'nowhere'}")


def allowed_origins() -> list[str]:
    """Origins of every enabled tool that may hand over evidence."""
    tools = Registration.objects.filter(is_enabled=True)
    return sorted({origin for tool in tools if EVIDENCE in tool.scopes for origin in storing.origins(tool)})


def _exists(client: Any, name: str) -> bool:
    try:
        client.head_bucket(Bucket=name)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            return False
        raise CommandError(f"The bucket cannot be reached: {error}") from error
    return True


def _create(client: Any, name: str) -> None:
    place = {"LocationConstraint": settings.EVIDENCE_REGION}
    elsewhere = {} if settings.EVIDENCE_REGION == "us-east-1" else {"CreateBucketConfiguration": place}
    client.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True, **elsewhere)


def _require_lock(client: Any, name: str) -> None:
    try:
        found = client.get_object_lock_configuration(Bucket=name)["ObjectLockConfiguration"]
    except ClientError:
        found = {}
    if found.get("ObjectLockEnabled") != "Enabled":
        raise CommandError(
            "The bucket was made without Object Lock: name another, and it will be made with it."
        )


def _share(client: Any, name: str, *, origins: list[str]) -> None:
    if not origins:
        client.delete_bucket_cors(Bucket=name)
        return
    rule = {
        "AllowedOrigins": origins,
        "AllowedMethods": ["PUT"],
        "AllowedHeaders": ["Content-Type", "If-None-Match"],
        "MaxAgeSeconds": 600,
    }
    client.put_bucket_cors(Bucket=name, CORSConfiguration={"CORSRules": [rule]})
