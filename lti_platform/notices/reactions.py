"""What tools are told of."""

from datetime import datetime

from lti_platform.courses.facts import ContextCopied
from lti_platform.journal.reactions import reacts_to
from lti_platform.notices import queueing


@reacts_to(ContextCopied)
def tell_tools_of_copy(fact: ContextCopied, *, now: datetime) -> None:
    queueing.tell_of_copy(fact.context_id, origin_ids=fact.origin_ids.split(","), now=now)
