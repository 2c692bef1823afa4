"""OIDC launches: hint, authorization, claims and what was sent."""
