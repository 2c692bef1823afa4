"""May this person act today? Pure: the day is an argument."""

from datetime import date

from lti_platform.people.models import Person


def may_act(person: Person, *, on: date) -> bool:
    """Active, and within the contract's dates where there are any (both days included), by the platform's calendar."""
    if not person.is_active:
        return False
    started = person.contract_start is None or person.contract_start <= on
    return started and (person.contract_end is None or on <= person.contract_end)
