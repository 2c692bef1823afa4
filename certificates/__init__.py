"""Credentials earned, proved and withdrawn."""
