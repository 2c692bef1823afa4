from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from keys.errors import KeysError
from keys.purposes import Purpose
from lti_platform.journal import clock
from lti_platform.tools import signing_keys
from lti_platform.tools.models import Registration


class Command(BaseCommand):
    help = (
        "Let the upcoming signing keys take over, make the ones that are missing, or withdraw one for good."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument(
            "--purpose", choices=[purpose.value for purpose in Purpose], help="rotate this one only"
        )
        choice.add_argument("--tool", metavar="CLIENT_ID", help="rotate the own keys of this tool only")
        choice.add_argument("--missing", action="store_true", help="make missing keys, and rotate none")
        choice.add_argument("--revoke", metavar="KID", help="withdraw this key at once")

    def handle(self, *_args: Any, **options: Any) -> None:
        now = clock.now()
        try:
            if options["revoke"]:
                self._revoke(options["revoke"], now=now)
            elif options["missing"]:
                self._make_missing(now=now)
            elif options["tool"]:
                self._rotate([Purpose.ID_TOKEN], owner=self._owner(options["tool"]), now=now)
            else:
                self._rotate([Purpose(options["purpose"])] if options["purpose"] else list(Purpose), now=now)
        except KeysError as error:
            raise CommandError(f"{error.code}: {error}") from error

    def _make_missing(self, *, now: datetime) -> None:
        made = signing_keys.make_missing(now=now)
        self.stdout.write("\n".join(f"{kid}: made" for kid in made) or "No key is missing.")

    def _owner(self, client_id: str) -> str:
        if not Registration.objects.filter(client_id=client_id, has_own_keys=True).exists():
            raise CommandError(f"No tool {client_id!r} has keys of its own.")
        return client_id

    def _rotate(self, purposes: list[Purpose], *, now: datetime, owner: str = "") -> None:
        for purpose in purposes:
            done = signing_keys.rotate(purpose, now=now, owner=owner)
            until = done.published_until.isoformat(timespec="seconds")
            self.stdout.write(
                f"{purpose}: {done.activated_kid} signs; {done.retired_kid} published until {until}"
            )
        for kid in signing_keys.destroy_overdue(now=now):
            self.stdout.write(f"{kid}: overlap over, no longer published")

    def _revoke(self, kid: str, *, now: datetime) -> None:
        done = signing_keys.revoke(kid, now=now)
        self.stdout.write(f"{done.purpose}: {done.revoked_kid} revoked")
        if done.activated_kid:
            self.stdout.write(f"{done.purpose}: {done.activated_kid} signs")
