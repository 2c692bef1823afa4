"""Persons, organizations, sites and roles; sign-in."""
