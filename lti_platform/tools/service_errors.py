"""How a service says no: a status, a stable code, and words for the tool's developer (RFC 9457)."""


class ServiceError(Exception):
    """Raised by the views of services; the edge turns it into problem JSON.

    `headers` go out with it. Subclasses fix the status.
    """

    def __init__(
        self, status: int, code: str, detail: str = "", *, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(detail or code)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers or {}


class BadRequest(ServiceError):
    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(400, code, detail)


class Forbidden(ServiceError):
    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(403, code, detail)


class NotFound(ServiceError):
    """Not there, or not the caller's: the answer does not tell which."""

    def __init__(self, code: str = "not_found", detail: str = "There is nothing here for this tool.") -> None:
        super().__init__(404, code, detail)


class Conflict(ServiceError):
    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(409, code, detail)
