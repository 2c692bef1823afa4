"""A person's browser, without a browser."""

from django.test import Client

from lti_platform.people.models import Person


def signed_in(person: Person) -> Client:
    """A browser in which the person has signed in."""
    client = Client()
    client.force_login(person)
    return client
