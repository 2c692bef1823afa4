"""What may go wrong when we speak to an address somebody else gave us.

OutboundError
├── OutboundRefused            we never connected; trying again changes nothing
│   ├── AddressMalformed
│   ├── SchemeRefused
│   ├── PortRefused
│   └── AddressNotPublic
├── OutboundTimeout            the whole exchange took too long
├── OutboundTooLarge           the answer is longer than the caller allowed
└── OutboundFailed             the exchange broke; it may work later
    ├── HostNotFound
    ├── TlsNotAgreed
    └── CertificateNotTrusted
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class OutboundError(Exception):
    """Base of everything raised here. `code` is stable, `message` and `host` may be shown to people."""

    code = "outbound_error"
    message: str | Promise = _("The address could not be reached.")

    def __init__(self, host: str = "") -> None:
        super().__init__(host)
        self.host = host

    def __str__(self) -> str:
        return f"{self.message} ({self.host})" if self.host else str(self.message)


class OutboundRefused(OutboundError):
    """The guard does not allow this address."""

    code = "outbound_refused"
    message = _("This address is not allowed.")


class AddressMalformed(OutboundRefused):
    """Not one plain absolute address: credentials, a fragment, odd characters or no host."""

    code = "outbound_address_malformed"
    message = _("This is not a plain web address: leave out user names and fragments.")


class SchemeRefused(OutboundRefused):
    """Anything but HTTPS, for a host that is not listed."""

    code = "outbound_scheme_refused"
    message = _("The address must begin with https://.")


class PortRefused(OutboundRefused):
    """A port where no web server of a partner is expected."""

    code = "outbound_port_refused"
    message = _("Only the ports 443 and 8443 are allowed.")


class AddressNotPublic(OutboundRefused):
    """At least one of the host's addresses belongs to a private, local or reserved network."""

    code = "outbound_address_not_public"
    message = _("The host name leads to a network that is not public.")


class OutboundTimeout(OutboundError):
    """The deadline passed before the answer was whole."""

    code = "outbound_timeout"
    message = _("The other side did not answer in time.")


class OutboundTooLarge(OutboundError):
    """The body is over the caller's limit."""

    code = "outbound_too_large"
    message = _("The other side sent more than is allowed.")


class OutboundFailed(OutboundError):
    """Refused, reset or not HTTP."""

    code = "outbound_failed"
    message = _("The connection failed.")


class HostNotFound(OutboundFailed):
    """The name has no address."""

    code = "outbound_host_not_found"
    message = _("The host name is not known.")


class TlsNotAgreed(OutboundFailed):
    """No protocol that both sides speak; we speak TLS 1.2 and 1.3."""

    code = "outbound_tls_not_agreed"
    message = _("The other side does not speak TLS 1.2 or later.")


class CertificateNotTrusted(OutboundFailed):
    """`why` is "expired", "name" (made out to another) or "authority" (signed by nobody we know)."""

    code = "outbound_certificate_not_trusted"
    message = _("The certificate of the other side is not trusted.")

    def __init__(self, host: str = "", *, why: str = "authority") -> None:
        super().__init__(host)
        self.why = why
