"""How people are found by what somebody typed."""

from django.db.models import Q


def goes_by(word: str, *, person: str = "") -> Q:
    """Rows about someone with the word in a name, or as the employee number; `person` leads there (`person__`)."""
    return (
        Q(**{f"{person}given_name__icontains": word})
        | Q(**{f"{person}family_name__icontains": word})
        | Q(**{f"{person}employee_id__iexact": word})
    )
