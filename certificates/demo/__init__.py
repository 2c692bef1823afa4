"""The demonstration: a small world of people, a course and an exam, and the processes that bring it to life."""
