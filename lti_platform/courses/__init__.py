"""Contexts, memberships and resource links."""
