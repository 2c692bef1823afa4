from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from keys import rotation
from keys.errors import KeysError
from keys.purposes import Purpose


class Command(BaseCommand):
    help = "Let the upcoming signing keys take over, or withdraw one key for good."

    def add_arguments(self, parser: ArgumentParser) -> None:
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument(
            "--purpose", choices=[purpose.value for purpose in Purpose], help="rotate this one only"
        )
        choice.add_argument("--revoke", metavar="KID", help="withdraw this key at once")

    def handle(self, *_args: Any, **options: Any) -> None:
        now = timezone.now()
        try:
            if options["revoke"]:
                self._revoke(options["revoke"], now=now)
            else:
                self._rotate([Purpose(options["purpose"])] if options["purpose"] else list(Purpose), now=now)
        except KeysError as error:
            raise CommandError(f"{error.code}: {error}") from error

    def _rotate(self, purposes: list[Purpose], *, now: datetime) -> None:
        rotation.ensure_keys(now=now, purposes=purposes)
        for purpose in purposes:
            done = rotation.rotate(purpose, now=now)
            until = done.published_until.isoformat(timespec="seconds")
            self.stdout.write(
                f"{purpose}: {done.activated_kid} signs; {done.retired_kid} published until {until}"
            )
        for kid in rotation.sweep(now=now):
            self.stdout.write(f"{kid}: overlap over, no longer published")

    def _revoke(self, kid: str, *, now: datetime) -> None:
        done = rotation.revoke(kid, now=now)
        self.stdout.write(f"{done.purpose}: {done.revoked_kid} revoked")
        if done.activated_kid:
            self.stdout.write(f"{done.purpose}: {done.activated_kid} signs")
