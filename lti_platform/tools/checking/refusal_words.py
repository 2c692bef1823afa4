"""Why a token request was refused, and why an address could not be asked, by the code of the error."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WHY_REFUSED: dict[str, str | Promise] = {
    "kid_unknown": _("the key they sign with is not in their key set."),
    "kid_missing": _("what they sign names no key (kid)."),
    "key_refused": _("the key they sign with may not be used: see the key set."),
    "signature_invalid": _("the signature does not fit the key it names."),
    "algorithm_refused": _("they sign with another algorithm than RS256."),
    "jwt_malformed": _("what they send as a signed assertion is none."),
    "key_set_unavailable": _("their key set could not be had."),
    "client_disabled": _("the tool is disabled here."),
    "nothing_grantable": _("they asked for scopes that are not granted here."),
    "jwt_replayed": _("the same assertion came twice (jti)."),
    "claim_refused_aud": _("the assertion is not made out to our token address (aud)."),
    "claim_refused_iss": _("iss and sub of the assertion are not both the client id."),
    "claim_refused_exp": _("the assertion has ended, or would last too long (exp). Look at their clock."),
    "claim_refused_iat": _("the assertion is too old or from the future (iat). Look at their clock."),
    "claim_refused_jti": _("the assertion has no id (jti)."),
    "claim_refused_https://purl.imsglobal.org/spec/lti/claim/deployment_id": _(
        "they name a deployment that is none of this tool’s, or is off."
    ),
    "request_malformed": _("the request is not the form that a token request is."),
    "grant_type_unsupported": _("they ask for another grant than client_credentials."),
}
WHY_UNREACHED: dict[str, str | Promise] = {
    "outbound_host_not_found": _("The host name is not known."),
    "outbound_timeout": _("It did not answer in time."),
    "outbound_failed": _("The connection failed."),
    "outbound_too_large": _("It sent more than is allowed."),
    "outbound_certificate_not_trusted": _("Its certificate is not trusted: see certificate and TLS."),
    "outbound_tls_not_agreed": _("It does not speak TLS 1.2 or later."),
    "outbound_address_not_public": _("The host name leads to a network that is not public."),
    "outbound_address_malformed": _("This is not a plain web address."),
    "outbound_scheme_refused": _("The address does not begin with https://."),
    "outbound_port_refused": _("Only the ports 443 and 8443 are allowed."),
}
