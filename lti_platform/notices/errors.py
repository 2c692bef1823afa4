"""What a tool may get wrong about notices."""


class NoticeError(Exception):
    """Base of everything raised here; `code` is stable."""

    code = "notice_error"


class NoticeTypeUnknown(NoticeError):
    """We send no notices of this type."""

    code = "notice_type_unknown"


class HandlerRefused(NoticeError):
    """The address is none we may post to: not HTTPS, inside our network, or not the tool's own."""

    code = "handler_refused"


class BatchSizeRefused(NoticeError):
    """Not a whole number above zero."""

    code = "max_batch_size_refused"
