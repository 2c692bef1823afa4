"""Destinations, deliveries and their retries."""
