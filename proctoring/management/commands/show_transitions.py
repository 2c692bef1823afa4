"""Draw the attempt's state machine."""

from typing import Any

from django.core.management.base import BaseCommand

from proctoring.transitions import diagram


class Command(BaseCommand):
    help = "Print the attempt's transition table as a mermaid state diagram."

    def handle(self, *args: Any, **options: Any) -> None:
        for line in diagram():
            self.stdout.write(line)
