"""What can be wrong with a tool's answer to a deep linking request.

ResponseRefused             nothing of the answer is stored
├── TokenMissing            no JWT, or several
├── NoOneSignedIn           the answer came from no session of ours
├── DataMissing             `data` did not come back as text
├── DataUnknown             `data` is not one we sent: altered, or forged
├── DataUsed                it was used before
├── DataExpired
├── DataOfAnotherTool       sent to another client or deployment than the one that answers
├── DataOfAnotherPerson
├── DataOfAnotherBrowser    sent in another session (LTI Security Framework 7.3.1)
├── NotAPicker              the tool no longer takes deep linking requests
├── RightsLost              the person may no longer change the course; 403
├── ItemsMalformed          content_items is no list, or far too long
├── SeveralItems            more than one where one was asked for
└── ItemsRefused            single items break rules; `problems` names each
ItemRefused                 one member of one item breaks its rule
AlreadySettled              the answer was added or discarded before
"""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise

from lti_platform.launches.errors import LaunchError


class ResponseRefused(LaunchError):
    code = "deep_linking_refused"
    check = "deep_linking"
    status: ClassVar[int] = 400


class TokenMissing(ResponseRefused):
    code = "deep_linking_token_missing"
    message = "JWT is missing, or was sent twice"


class NoOneSignedIn(ResponseRefused):
    code = "deep_linking_nobody_signed_in"
    message = "the answer came from no session of ours"


class DataMissing(ResponseRefused):
    code = "deep_linking_data_missing"
    message = "data must come back as it was sent"


class DataUnknown(ResponseRefused):
    code = "deep_linking_data_unknown"
    message = "data is not what we sent"


class DataUsed(ResponseRefused):
    code = "deep_linking_data_used"
    message = "data was used before"


class DataExpired(ResponseRefused):
    code = "deep_linking_data_expired"
    message = "data has expired"


class DataOfAnotherTool(ResponseRefused):
    code = "deep_linking_data_of_another_tool"
    message = "data was sent to another tool or deployment"


class DataOfAnotherPerson(ResponseRefused):
    code = "deep_linking_data_of_another_person"
    message = "data was sent for another person"


class DataOfAnotherBrowser(ResponseRefused):
    code = "deep_linking_data_of_another_browser"
    message = "data was sent in another session"


class NotAPicker(ResponseRefused):
    code = "deep_linking_not_declared"
    message = "the tool is not registered for LtiDeepLinkingRequest"


class RightsLost(ResponseRefused):
    code = "deep_linking_rights_lost"
    message = "the person may no longer change this course"
    status = 403


class ItemsMalformed(ResponseRefused):
    code = "deep_linking_items_malformed"
    message = "content_items must be a list of at most 50 items"


class SeveralItems(ResponseRefused):
    code = "deep_linking_several_items"
    message = "one item was asked for, and several came"


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One rule broken by one item; `position` counts from 1."""

    position: int
    title: str
    member: str
    rule: str
    words: str | Promise

    def __str__(self) -> str:
        return f"{self.position} {self.title} {self.member}: {self.words}"


class ItemsRefused(ResponseRefused):
    code = "deep_linking_items_refused"

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{one.position} {one.member} {one.rule}" for one in problems))
        self.problems = problems


class ItemRefused(LaunchError):
    """`member` is the item's member, with a point where it lies inside another; `rule` is a key of the words."""

    code = "item_refused"

    def __init__(self, member: str, rule: str) -> None:
        super().__init__(f"{member} {rule}")
        self.member = member
        self.rule = rule


class AlreadySettled(LaunchError):
    code = "content_already_settled"
    message = "this was added or discarded before"
