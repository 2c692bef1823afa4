"""LtiStartAssessment: the tool tells the platform, through the candidate's browser, that the exam may start."""

import secrets
import time
from typing import Any

from tests.sandbox.lti import CLAIM, PROCTORING_CLAIM, START_ASSESSMENT, Tool

LIFE_SECONDS = 300
# Of its clock and the platform's, one may be a little ahead.
BACK_DATED_SECONDS = 5


def start_claims(tool: Tool, session: dict[str, Any]) -> dict[str, Any]:
    """The claims (Proctoring Services 1.0, LtiStartAssessment; Security Framework 5.2): no user, all else returned.

    `verified_user` holds the names that the platform sent and the photo ID was held against; no more.
    """
    now = int(time.time())
    claims = {
        "iss": tool.client_id,
        "aud": tool.issuer,
        "iat": now - BACK_DATED_SECONDS,
        "exp": now + LIFE_SECONDS,
        "nonce": secrets.token_urlsafe(32),
        CLAIM + "message_type": START_ASSESSMENT,
        CLAIM + "version": "1.3.0",
        CLAIM + "deployment_id": session["deployment_id"],
        CLAIM + "resource_link": session["resource_link"],
        PROCTORING_CLAIM + "session_data": session["session_data"],
        PROCTORING_CLAIM + "attempt_number": session["attempt_number"],
        PROCTORING_CLAIM + "end_assessment_return": True,
    }
    if session["names"]:
        claims[PROCTORING_CLAIM + "verified_user"] = session["names"]
    return claims
