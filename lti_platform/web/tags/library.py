"""The one template library that every module of this package adds its tags to."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


def draw(name: str, values: Mapping[str, Any]) -> SafeString:
    """The component template `components/<name>.html` with these values, escaped where they were not safe."""
    return mark_safe(get_template(f"components/{name}.html").render(dict(values)).strip())  # noqa: S308
