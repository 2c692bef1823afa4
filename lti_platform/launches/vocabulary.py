"""Names of messages and claims (LTI Core 5.3 and 5.4; message types of Core, Deep Linking and Proctoring Services)."""

RESOURCE_LINK_REQUEST = "LtiResourceLinkRequest"
DEEP_LINKING_REQUEST = "LtiDeepLinkingRequest"
DEEP_LINKING_RESPONSE = "LtiDeepLinkingResponse"
START_PROCTORING = "LtiStartProctoring"
END_ASSESSMENT = "LtiEndAssessment"
SUBMISSION_REVIEW_REQUEST = "LtiSubmissionReviewRequest"
EULA_REQUEST = "LtiEulaRequest"
# Libraries differ about the name of this one; a tool gets the name it declared.
DATA_PRIVACY_REQUEST = "LtiDataPrivacyLaunchRequest"
DATA_PRIVACY_REQUEST_BARE = "DataPrivacyLaunchRequest"
WITHOUT_LINK = frozenset({EULA_REQUEST, DATA_PRIVACY_REQUEST, DATA_PRIVACY_REQUEST_BARE})
# Sent only to tools that declared them; for the older ones a tool's declaration was never asked for.
DECLARED_ONLY = frozenset({SUBMISSION_REVIEW_REQUEST, *WITHOUT_LINK})
# A marker beside a real role (LTI Core A.2.4).
TEST_USER = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"

VERSION = "1.3.0"
CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
DEEP_LINKING_CLAIM = "https://purl.imsglobal.org/spec/lti-dl/claim/"
# LTI Core 5.4.4 knows no other; a value like "popup" is left out rather than sent.
DOCUMENT_TARGETS = frozenset({"frame", "iframe", "window"})
PRODUCT_FAMILY_CODE = "proctored-credentials"
