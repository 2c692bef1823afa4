"""Django's PostgreSQL, with a cheaper way to notice that a kept connection has died."""
