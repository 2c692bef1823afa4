"""Filters for pages about the people of a course."""

from collections.abc import Iterable

from django import template

from lti_platform.courses.role_words import role_words

register = template.Library()


@register.filter
def in_words(roles: Iterable[str]) -> str:
    """Short roles and sub-roles as people read them, one after another."""
    return ", ".join(str(role_words(role)) for role in roles)
