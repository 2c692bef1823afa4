"""Shows the reactions that kept failing, and sets them going again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet

from lti_platform.journal import clock, parking
from lti_platform.journal.models import Reaction


class Command(BaseCommand):
    help = "List parked reactions and why each failed; --retry makes one, or all, due again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to set going again, if anything."""
        parser.add_argument("--retry", metavar="ID|all", help="the id of one parked reaction, or `all`")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError when the id names no parked reaction."""
        if not options["retry"]:
            self._list(parking.parked())
            return
        found = self._chosen(options["retry"])
        count = parking.retry(found, now=clock.now())
        self.stdout.write(f"{count} due again; a worker takes them up within seconds.")

    def _list(self, rows: QuerySet[Reaction]) -> None:
        for row in rows:
            entry = row.entry
            self.stdout.write(
                f"{row.pk}  {row.name}  {entry.fact_type}  {entry.subject or '-'}  "
                f"{entry.recorded_at.isoformat(timespec='seconds')}\n    {row.last_error}"
            )
        if not rows:
            self.stdout.write("Nothing is parked.")

    def _chosen(self, which: str) -> QuerySet[Reaction]:
        rows = parking.parked()
        if which == "all":
            return rows
        rows = rows.filter(pk=which) if which.isdecimal() else rows.none()
        if not rows:
            raise CommandError(f"No parked reaction has the id {which}.")
        return rows
