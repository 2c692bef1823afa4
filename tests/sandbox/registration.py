"""What a tool says of itself when it is registered (Dynamic Registration 1.0, request).

`python -m tests.sandbox.registration proctoring_tool --base-url http://127.0.0.1:9001` prints it as JSON.
"""

import argparse
import json
from typing import Any
from urllib.parse import urlsplit

SCOPES = {
    "proctoring_tool": (
        "https://purl.imsglobal.org/spec/lti-ap/scope/control.all",
        "https://proctored-credentials.example/scope/evidence",
    ),
    "proctoring_by_link": (
        "https://purl.imsglobal.org/spec/lti-ap/scope/control.all",
        "https://proctored-credentials.example/scope/flags",
    ),
    "assessment_tool": (
        "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly",
        "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly",
        "https://purl.imsglobal.org/spec/lti-ags/scope/score",
        "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly",
    ),
}
NAMES = {
    "proctoring_tool": "Steady Watch",
    "proctoring_by_link": "Steady Watch by link",  # the same program, for platforms without Proctoring Services
    "assessment_tool": "Coldline Exams",
}
MESSAGES = {
    "proctoring_tool": ("LtiStartProctoring", "LtiEndAssessment"),
    "proctoring_by_link": ("LtiResourceLinkRequest",),
    "assessment_tool": ("LtiResourceLinkRequest", "LtiDeepLinkingRequest"),
}
CLAIMS = ["iss", "sub", "name", "given_name", "family_name", "locale"]


def registration(tool: str, *, base_url: str) -> dict[str, Any]:
    """The registration request of this tool at this address."""
    base = base_url.rstrip("/")
    return {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "client_name": NAMES[tool],
        "client_uri": f"{base}/",
        "initiate_login_uri": f"{base}/login",
        "redirect_uris": [f"{base}/launch"],
        "jwks_uri": f"{base}/jwks.json",
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(SCOPES[tool]),
        "https://purl.imsglobal.org/spec/lti-tool-configuration": {
            "domain": urlsplit(base).hostname,
            "target_link_uri": f"{base}/launch",
            "claims": CLAIMS,
            "messages": [{"type": kind, "target_link_uri": f"{base}/launch"} for kind in MESSAGES[tool]],
        },
    }


def main() -> None:
    """Prints the registration request."""
    parser = argparse.ArgumentParser(prog="python -m tests.sandbox.registration")
    parser.add_argument("tool", choices=sorted(NAMES))
    parser.add_argument("--base-url", required=True)
    given = parser.parse_args()
    print(json.dumps(registration(given.tool, base_url=given.base_url), indent=2))


if __name__ == "__main__":
    main()
