"""The store that the settings name."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from proctoring.evidence.stores.contract import Store
from proctoring.evidence.stores.local import LocalStore
from proctoring.evidence.stores.s3 import S3Store, bucket_client


def current_store() -> Store:
    """The bucket where one is named, else folders under `EVIDENCE_DIR`."""
    if settings.EVIDENCE_BUCKET:
        return _bucket(settings.EVIDENCE_BUCKET, settings.EVIDENCE_ENDPOINT, settings.EVIDENCE_REGION)
    return LocalStore(Path(settings.EVIDENCE_DIR), base_url=settings.PLATFORM_URL)


@lru_cache(maxsize=4)
def _bucket(name: str, endpoint: str, region: str) -> S3Store:
    # Making a client reads the service's whole description: once per process.
    return S3Store(name, client=bucket_client(endpoint=endpoint, region=region))
