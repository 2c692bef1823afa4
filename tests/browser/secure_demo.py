"""The demonstration over HTTPS, as browsers and tools meet the platform in production.

`SERVER_CERTIFICATE` names a file with a key and its certificate, `OUTBOUND_CA_FILE` the authority that signed it.
"""

import os
from collections.abc import Mapping

import django
from django.core.management import call_command

django.setup()

from certificates.demo.places import Places  # noqa: E402
from certificates.demo.processes import Processes  # noqa: E402
from certificates.management.commands import demo  # noqa: E402


class SecurePlaces(Places):
    """The same ports, over HTTPS."""

    scheme = "https"


class SecureProcesses(Processes):
    """The same programs with a certificate."""

    def __init__(self, places: Places, *, environment: Mapping[str, str]) -> None:
        super().__init__(places, environment=environment)
        certificate = os.environ["SERVER_CERTIFICATE"]
        self.platform_options = ("--certfile", certificate)
        self.sandbox_options = ("--certificate", certificate, "--authority", os.environ["OUTBOUND_CA_FILE"])


class Command(demo.Command):
    places, processes = SecurePlaces, SecureProcesses


if __name__ == "__main__":
    call_command(Command())
