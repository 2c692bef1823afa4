"""Exams, attempts, sessions, incidents and verdicts."""
