"""Taking a tool over from its description, and changing it later."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from lti_platform.journal.recording import record
from lti_platform.people.models import Organization
from lti_platform.tools import web_addresses
from lti_platform.tools.describing import Description, describe
from lti_platform.tools.facts import DeploymentMade, ToolChanged, ToolRegistered
from lti_platform.tools.models import Deployment, FetchedKeySet, Registration
from lti_platform.tools.scopes import grantable

Privacy = Registration.Privacy


def register(
    request: Mapping[str, Any],
    *,
    now: datetime,
    scopes: Collection[str] | None = None,
    privacy: str = Privacy.PUBLIC,
    organization: Organization | None = None,
) -> Registration:
    """A new tool with its first deployment, from the JSON of a dynamic-registration request.

    Granted are the supported scopes it asked for, or exactly `scopes` if given. With an organization, its admins
    may change the tool, and the deployment is theirs. Raises RegistrationRefused.
    """
    values = values_of(describe(request), scopes=scopes)
    with transaction.atomic():
        registration = Registration.objects.create(
            client_id=str(uuid.uuid4()), privacy=Privacy(privacy), organization=organization, **values
        )
        fact = ToolRegistered(registration_id=registration.id, client_id=registration.client_id)
        record(fact, now=now, subject=f"tool:{registration.id}", organization_id=registration.organization_id)
        deploy(registration, organization=organization, now=now)
    return registration


def amend(
    registration: Registration,
    request: Mapping[str, Any],
    *,
    now: datetime,
    scopes: Collection[str] | None = None,
    privacy: str = Privacy.PUBLIC,
) -> list[str]:
    """Gives the tool a new description; returns the names of the fields that changed.

    Its client id, deployments and key sets fetched from an unchanged address stay. Raises RegistrationRefused.
    """
    values = {**values_of(describe(request), scopes=scopes), "privacy": str(Privacy(privacy))}
    if set(values["scopes"]) == set(registration.scopes):
        values["scopes"] = registration.scopes  # a form tells them in an order of its own
    changed = [name for name, value in values.items() if getattr(registration, name) != value]
    if not changed:
        return []
    with transaction.atomic():
        for name in changed:
            setattr(registration, name, values[name])
        registration.save(update_fields=changed)
        if "jwks_uri" in changed:
            FetchedKeySet.objects.filter(registration=registration).delete()
        fact = ToolChanged(registration_id=registration.id, fields=",".join(sorted(changed)))
        record(fact, now=now, subject=f"tool:{registration.id}", organization_id=registration.organization_id)
    return changed


def deploy(registration: Registration, *, organization: Organization | None, now: datetime) -> Deployment:
    """One more deployment of the tool, for the platform or one organization."""
    with transaction.atomic():
        deployment = Deployment.objects.create(
            registration=registration, deployment_id=str(uuid.uuid4()), organization=organization
        )
        fact = DeploymentMade(registration_id=registration.id, deployment_id=deployment.id)
        record(fact, now=now, subject=f"tool:{registration.id}", organization_id=deployment.organization_id)
    return deployment


def values_of(described: Description, *, scopes: Collection[str] | None = None) -> dict[str, Any]:
    """The fields of a registration by name, JSON-ready; with exactly the supported ones of `scopes`, if given."""
    values = asdict(described)
    if scopes is not None:
        values["scopes"] = grantable(scopes, granted=scopes)
    # Browsers are told these places by name: a port that is not 443 has to be said.
    addresses = [described.target_link_uri, described.initiate_login_uri, *described.redirect_uris]
    places = [web_addresses.place(address) for address in addresses]
    values["domains"] = list(dict.fromkeys([*described.domains, *places]))
    return values
