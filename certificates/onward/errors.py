"""What can go wrong with deliveries. Each has a stable `code`."""


class OnwardError(Exception):
    """Base of this package's errors."""

    code = "onward_error"


class NotParked(OnwardError):
    """Only a parked delivery can be sent again; the others are on their way or have arrived."""

    code = "not_parked"
