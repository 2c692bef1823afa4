"""What tools read from our services: noted lightly, so that a launch can show what was called after it."""

from datetime import datetime, timedelta

from django.core.cache import cache

from lti_platform.tools.models import Registration, ServiceCall

ONCE_IN_SECONDS = 60
KEPT = timedelta(days=90)
AT_ONCE = 5000
MAX_PATH = 200


def note(registration: Registration, *, path: str, now: datetime) -> None:
    """Keeps that the tool read this address; one row a minute for each, whatever it asks for."""
    if cache.add(f"called:{registration.pk}:{path[:MAX_PATH]}", True, ONCE_IN_SECONDS):
        ServiceCall(registration=registration, path=path[:MAX_PATH], at=now).save(force_insert=True)


def forget_old(*, now: datetime) -> int:
    """Deletes what is older than `KEPT`, so many at a time; how many."""
    old = ServiceCall.objects.filter(at__lt=now - KEPT).order_by("pk")[:AT_ONCE]
    return ServiceCall.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()[0]
