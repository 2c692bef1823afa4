"""A tool reads and changes its own registration (RFC 7592).

The rule for changes: asking for less is given at once. Anything else (new scopes or messages, and every other field)
waits for an admin as one change, while the tool works as it was granted; the newest request stands for all before.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from lti_platform.journal.actors import Actor
from lti_platform.journal.facts import Fact
from lti_platform.journal.recording import record
from lti_platform.tools.describing import WORDS
from lti_platform.tools.dynamic import asking, links
from lti_platform.tools.errors import OtherClient, Problem, RegistrationRefused, TokenRefused
from lti_platform.tools.facts import ToolChangeAsked, ToolChanged, ToolChangeSettled
from lti_platform.tools.models import Registration

NARROWED = frozenset({"scopes", "messages"})


def own(client_id: str, *, token: str) -> Registration:
    """The registration at this address, proven to be the caller's own. Raises TokenRefused; OtherClient."""
    found = Registration.objects.filter(management_digest=links.digest(token)).first()
    if found is None:
        raise TokenRefused("the registration access token is not one of ours")
    if found.client_id != client_id:
        raise OtherClient("this is the registration of another client")
    if found.state == Registration.State.ACTIVE and not found.is_enabled:
        raise OtherClient("the client is disabled")
    return found


def ask(registration: Registration, request: Mapping[str, Any], *, now: datetime) -> Registration:
    """The registration as it is after the tool asked for this description of itself.

    Raises RegistrationRefused, which changes nothing.
    """
    if request.get("client_id") != registration.client_id:
        problem = Problem(field="client_id", code="not_supported", message=WORDS["not_supported"])
        raise RegistrationRefused([problem])
    values, asked = asking.read(request)
    with transaction.atomic():
        row = Registration.objects.select_for_update().get(pk=registration.pk)
        if row.state == Registration.State.PENDING:
            _replace(row, values, asked=asked, now=now)
        elif beyond := differences(row, values):
            _propose(row, values, asked=asked, fields=beyond, now=now)
        else:
            _narrow(row, values, asked=asked, now=now)
    return row


def differences(registration: Registration, values: Mapping[str, Any]) -> list[str]:
    """The fields in which the tool asks for more than less: sorted names, none if nothing has to be decided."""
    decided = registration.asked
    found = [name for name in values if name not in NARROWED and getattr(registration, name) != values[name]]
    if set(values["scopes"]) - {*registration.scopes, *decided.get("scopes", [])}:
        found.append("scopes")
    known = [*registration.messages, *decided.get("messages", [])]
    if not all(message in known for message in values["messages"]) or not _kept_messages(
        registration, values
    ):
        found.append("messages")
    return sorted(found)


def _kept_messages(registration: Registration, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    types = {message["type"] for message in values["messages"]}
    return [message for message in registration.messages if message["type"] in types]


def _replace(row: Registration, values: Mapping[str, Any], *, asked: dict[str, Any], now: datetime) -> None:
    """While nobody decided, the request simply becomes the new one."""
    changed = _set(row, {**values, "asked": asked})
    if changed:
        _record(ToolChangeAsked(registration_id=row.pk, fields=",".join(changed)), row, now=now)


def _propose(
    row: Registration, values: Mapping[str, Any], *, asked: dict[str, Any], fields: list[str], now: datetime
) -> None:
    if _set(row, {"proposed": {"values": dict(values), "asked": asked}}):
        _record(ToolChangeAsked(registration_id=row.pk, fields=",".join(fields)), row, now=now)


def _narrow(row: Registration, values: Mapping[str, Any], *, asked: dict[str, Any], now: datetime) -> None:
    was_asking = row.proposed is not None
    scopes = [scope for scope in row.scopes if scope in values["scopes"]]
    less = {"scopes": scopes, "messages": _kept_messages(row, values)}
    changed = [name for name in _set(row, {**less, "asked": asked, "proposed": None}) if name in NARROWED]
    if changed:
        _record(ToolChanged(registration_id=row.pk, fields=",".join(changed)), row, now=now)
    if was_asking:
        _record(ToolChangeSettled(registration_id=row.pk, outcome="withdrawn"), row, now=now)


def _set(row: Registration, values: Mapping[str, Any]) -> list[str]:
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
    return changed


def _record(fact: Fact, row: Registration, *, now: datetime) -> None:
    subject, actor = f"tool:{row.pk}", Actor("tool", row.client_id)
    record(fact, now=now, subject=subject, organization_id=row.organization_id, actor=actor)
