"""Every tag of the house. Settings make this module a builtin, so templates need no {% load %}."""

from lti_platform.web.tags import fields, page, states, tables, times
from lti_platform.web.tags.library import register

__all__ = ["fields", "page", "register", "states", "tables", "times"]
