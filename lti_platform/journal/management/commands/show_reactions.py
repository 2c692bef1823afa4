"""Prints the table fact → reactions, as docs/architecture.md shows it."""

from typing import Any

from django.core.management.base import BaseCommand

from lti_platform.journal import reactions


class Command(BaseCommand):
    help = "Print which reactions each fact owes."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("| fact | reactions |\n|---|---|")
        for fact_type, names in reactions.table():
            self.stdout.write(f"| `{fact_type}` | {', '.join(f'`{name}`' for name in names)} |")
