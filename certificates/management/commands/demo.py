"""Starts the whole world of the demonstration and stops it with one Ctrl-C."""

import json
import os
import signal
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from certificates.demo import world
from certificates.demo.places import Places
from certificates.demo.processes import ProcessEnded, Processes
from lti_platform.journal import clock
from lti_platform.tools import signing_keys


class Command(BaseCommand):
    help = "Start the platform, its worker and scheduler, and the sandbox, with demo data."
    requires_system_checks = []
    places, processes = Places, Processes

    def handle(self, *args: Any, **options: Any) -> None:
        places = self.places(settings.PORT)
        if taken := places.taken():
            raise CommandError(
                f"Port {', '.join(map(str, taken))} is in use. Stop what listens there, or choose other ports: "
                f"PORT={settings.PORT + 100} make demo"
            )
        # Started in the background of a shell, a program would inherit a deaf ear for Ctrl-C.
        for ending in (signal.SIGINT, signal.SIGTERM):
            signal.signal(ending, _as_ctrl_c)
        allowed = [*settings.OUTBOUND_PLAIN_HTTP_HOSTS, *places.plain_http_hosts]
        settings.OUTBOUND_PLAIN_HTTP_HOSTS = [*allowed, f"localhost:{places.port}"]
        configurations = self._prepare(places)
        try:
            self._run(places, configurations, environment=_environment(places, allowed=allowed))
        except (ProcessEnded, TimeoutError) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stdout.write(
                f"\nStopped. The data is kept in {settings.VAR_DIR}; `make demo` goes on with it."
            )

    def _prepare(self, places: Places) -> dict[str, Path]:
        self.stdout.write("Preparing: database, keys, static files, demo data …")
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        signing_keys.make_missing(now=clock.now())
        described = world.descriptions(places)
        configurations = world.ensure(places, described=described, now=clock.now())
        return {name: _written(name, configuration) for name, configuration in configurations.items()}

    def _run(self, places: Places, configurations: dict[str, Path], *, environment: dict[str, str]) -> None:
        with self.processes(places, environment=environment) as processes:
            processes.start_platform()
            for name, path in configurations.items():
                processes.start_sandbox(name, path)
            processes.wait_until_ready()
            self._greet(places)
            while True:
                time.sleep(1)
                processes.check()

    def _greet(self, places: Places) -> None:
        lines = [f"  {account.email:<22} {account.what}" for account in world.ACCOUNTS]
        self.stdout.write(
            f"\nReady: {places.url('platform')}\n\nSign in with password {world.PASSWORD} as\n"
            + "\n".join(lines)
            + f"\n\nContractor portal: {places.url('portal')}\n"
            f"Mail sent is kept in {settings.VAR_DIR}/mail, logs in {settings.VAR_DIR}/log.\nCtrl-C stops it all."
        )


def _written(name: str, configuration: dict[str, Any]) -> Path:
    """The configuration in a file that its owner alone may read."""
    path = Path(settings.VAR_DIR) / "sandbox" / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=True)
    path.write_text(json.dumps(configuration, indent=2), encoding="utf-8")
    return path


def _environment(places: Places, *, allowed: list[str]) -> dict[str, str]:
    """What the processes are told: the ports, and whom the platform may reach without TLS."""
    return os.environ | {
        "PORT": str(places.port),
        "OUTBOUND_PLAIN_HTTP_HOSTS": ",".join(allowed),
        "PYTHONUNBUFFERED": "1",
    }


def _as_ctrl_c(*_: object) -> None:
    raise KeyboardInterrupt
