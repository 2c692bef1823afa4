import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from keys.jose import json_object
from lti_platform.journal import clock
from lti_platform.people.models import Organization
from lti_platform.tools.errors import RegistrationRefused
from lti_platform.tools.models import Registration
from lti_platform.tools.registering import register
from lti_platform.tools.sheet import vendor_sheet


class Command(BaseCommand):
    help = "Register a tool from the JSON of a dynamic-registration request; prints what the tool must know."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, for whom, and how much the tool learns of people."""
        parser.add_argument("file", type=Path, metavar="FILE.json")
        parser.add_argument("--organization", help="name of the one organization the tool is for")
        parser.add_argument("--privacy", choices=Registration.Privacy.values, default="public")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints one JSON object: the vendor's sheet, and `deployment_id` of the first deployment."""
        registration = self.register(options)
        sheet = vendor_sheet(registration)
        self.stdout.write(json.dumps({**sheet, "deployment_id": sheet["deployment_ids"][0]}, indent=2))

    def register(self, options: dict[str, Any]) -> Registration:
        """The new registration. Raises CommandError in words for whatever is wrong with the input."""
        try:
            request = json_object(options["file"].read_bytes())
            return register(
                request,
                now=clock.now(),
                privacy=options["privacy"],
                organization=self.organization(options["organization"]),
            )
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}") from error
        except ValueError as error:
            raise CommandError(f"{options['file']} is not a JSON object: {error}") from error
        except RegistrationRefused as error:
            problems = "\n".join(f"  {problem.field}: {problem.message}" for problem in error.problems)
            raise CommandError(f"{options['file']} cannot be taken over:\n{problems}") from error

    def organization(self, name: str | None) -> Organization | None:
        """The organization of this name, none for no name. Raises CommandError."""
        if not name:
            return None
        found = Organization.objects.filter(name=name).first()
        if found is None:
            raise CommandError(f"No organization is called {name!r}.")
        return found
