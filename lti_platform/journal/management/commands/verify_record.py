"""Checks that nothing in the record was changed, put in or taken out."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lti_platform.journal import clock
from lti_platform.journal.verifying import verify_record


class Command(BaseCommand):
    help = "Walk the whole record and every seal over it; fails at the first break."

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError that names the rule and the number."""
        verdict = verify_record(now=clock.now())
        if found := verdict.found:
            raise CommandError(f"The record does not hold at number {found.number}: {found.rule}.")
        self.stdout.write(
            f"The record holds: {verdict.entries} entries under {verdict.seals} seals; "
            f"{verdict.unsealed} wait for the next one."
        )
