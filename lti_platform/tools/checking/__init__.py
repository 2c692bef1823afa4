"""The check-up of a tool: what works between it and us, what does not, whose side that is, and what to do."""
