"""Steady Watch: a proctoring tool. It checks a candidate in, records, raises flags, and knows when it is over."""
