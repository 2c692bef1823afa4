"""Where evidence lies: written once, read in parts, locked until a date, never deleted from here."""
