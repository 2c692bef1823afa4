"""What is forgotten of launches: their steps, once nobody looks for the fault any more. The launch itself stays."""

from datetime import datetime, timedelta

from lti_platform.launches.models import LaunchStep

KEPT = timedelta(days=90)
AT_ONCE = 5000


def forget_old_steps(*, now: datetime) -> int:
    """Deletes the steps of launches older than `KEPT`, so many at a time; how many."""
    old = LaunchStep.objects.filter(launch__created_at__lt=now - KEPT).order_by("pk")[:AT_ONCE]
    count, _by_model = LaunchStep.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()
    return count
