"""The database backend of production: Django's, but that it asks a kept connection whether it lives only on doubt."""

import select
import time
from typing import Any

from django.db.backends.postgresql import base

ASK_AGAIN_SECONDS = 5.0


class DatabaseWrapper(base.DatabaseWrapper):
    """Django would spend a query of every request on the question (`CONN_HEALTH_CHECKS`).

    A server that ends a connection says so on its socket. So the question is put only where the socket has something
    to say, an error came before, or the last answer is older than ASK_AGAIN_SECONDS: a network that went silent.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._answered_at = float("-inf")

    def is_usable(self) -> bool:
        """Whether the next query can be sent on this connection."""
        if self._was_just_heard() and self._is_quiet():
            return True
        is_usable = super().is_usable()
        self._answered_at = time.monotonic() if is_usable else float("-inf")
        return is_usable

    def _was_just_heard(self) -> bool:
        return not self.errors_occurred and time.monotonic() - self._answered_at < ASK_AGAIN_SECONDS

    def _is_quiet(self) -> bool:
        if self.connection is None or self.connection.closed:
            return False
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN)
        return not waiting.poll(0)
