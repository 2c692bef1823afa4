"""How many queries something takes, and many rows at once."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from lti_platform.courses.models import Context, Membership
from lti_platform.people.models import Person

FRAMES = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


@contextmanager
def counted() -> Iterator[list[str]]:
    """Fills the list it gives with the queries made inside; the frames of transactions do not count."""
    queries: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield queries
    queries += [each["sql"] for each in captured if not each["sql"].startswith(FRAMES)]


def enrol_many(context: Context, count: int) -> list[Person]:
    """That many new learners in the course."""
    taken = Person.objects.count()
    people = Person.objects.bulk_create(
        [Person(employee_id=f"M-{taken + n:06}", given_name="Lena", password="!") for n in range(count)]
    )
    Membership.objects.bulk_create(
        [Membership(context=context, person=person, roles=["Learner"]) for person in people]
    )
    analyze(Person, Membership)
    return people


def analyze(*models: type[Model]) -> None:
    """Has PostgreSQL look at the tables again: its plans are those of nearly empty ones until it has."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(f'ANALYZE "{model._meta.db_table}"')
