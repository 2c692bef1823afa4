"""Values that may be presented once: assertion ids, nonces, launch hints."""

import hashlib
from datetime import datetime, timedelta

from django.db import connection

from keys.errors import AlreadyUsed
from keys.models import OneTimeUse

# Callers grant clock leeway past the expiry; a value must not be forgotten while it could still pass.
KEPT_AT_LEAST = timedelta(minutes=10)
# ON CONFLICT, not IntegrityError: the latter would spoil the caller's transaction on PostgreSQL.
_INSERT = (
    "INSERT INTO keys_onetimeuse (namespace, digest, expires_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
)


def use_once(value: str, *, namespace: str, expires_at: datetime, now: datetime) -> None:
    """Spend the value in its namespace (such as `assertion:<client id>`) by one insert.

    `expires_at` is when it could no longer be presented anyway. Undone if the caller's transaction is.
    Raises AlreadyUsed.
    """
    kept_until = max(expires_at, now + KEPT_AT_LEAST)
    moment = OneTimeUse._meta.get_field("expires_at").get_db_prep_value(kept_until, connection)
    digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [namespace, digest, moment])
        if cursor.rowcount != 1:
            raise AlreadyUsed(namespace)


def sweep(*, now: datetime) -> int:
    """Forget what could no longer be presented; returns how many."""
    return OneTimeUse.objects.filter(expires_at__lte=now).delete()[0]
