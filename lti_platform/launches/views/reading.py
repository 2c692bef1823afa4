"""Reading an authentication request off the wire, strictly and without ever failing in another way."""

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, QueryDict, UnreadablePostError

from lti_platform.launches.authentication_request import Asked, parse
from lti_platform.launches.authorization import Visitor
from lti_platform.launches.errors import RequestUnreadable
from lti_platform.launches.hints import digest
from lti_platform.people.models import Person

# Above the limit for forms: a state far too long still gets its answer in the protocol, and not a page.
MAX_BODY_BYTES = 2 * 1024 * 1024
FORM = "application/x-www-form-urlencoded"


def asked_of(request: HttpRequest) -> Asked:
    """The parameters of query and form together, as UTF-8 whatever charset was claimed. Raises RequestUnreadable."""
    try:
        query = QueryDict(request.META.get("QUERY_STRING", ""), encoding="utf-8")
        form = QueryDict(body_of(request), encoding="utf-8")
    except (SuspiciousOperation, UnreadablePostError) as error:
        raise RequestUnreadable from error
    return parse(
        (name, value) for source in (query, form) for name, values in source.lists() for value in values
    )


def body_of(request: HttpRequest) -> bytes:
    """The bytes of a form post; nothing for other requests. Raises RequestUnreadable for a body that is too long."""
    if request.method != "POST" or request.content_type != FORM:
        return b""
    body = request.read(MAX_BODY_BYTES + 1)
    if len(body) > MAX_BODY_BYTES:
        raise RequestUnreadable
    return bytes(body)


def visitor_of(request: HttpRequest) -> Visitor:
    """The person signed in, and the digest of their session."""
    if not isinstance(request.user, Person):
        return Visitor()
    return Visitor(person=request.user, session_digest=digest(request.session.session_key or ""))


def may_repost(request: HttpRequest, *, asked: Asked) -> bool:
    """Whether the session may only be missing because the request came from another site; asked once.

    A Lax cookie stays behind on a cross-site post, and on a cross-site navigation inside a frame.
    """
    if asked.value("repost"):
        return False
    return request.method == "POST" or is_from_a_tools_frame(request)


def is_framed(request: HttpRequest) -> bool:
    """Whether the answer is shown in a frame (Fetch Metadata)."""
    return request.headers.get("Sec-Fetch-Dest") in {"iframe", "frame"}


def is_from_a_tools_frame(request: HttpRequest) -> bool:
    """Whether a page of another site leads its frame to us: a Lax cookie stayed behind."""
    return is_framed(request) and request.headers.get("Sec-Fetch-Site") == "cross-site"
