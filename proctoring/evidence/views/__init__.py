"""Doors for bytes: uploads of the embedded store, and playback."""
