"""Custody of keys, and JOSE: what signs, what is published, and what was used once."""
