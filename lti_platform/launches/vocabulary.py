"""Names of messages and claims (LTI Core 5.3 and 5.4; message types of Core, Deep Linking and Proctoring Services)."""

RESOURCE_LINK_REQUEST = "LtiResourceLinkRequest"
DEEP_LINKING_REQUEST = "LtiDeepLinkingRequest"
DEEP_LINKING_RESPONSE = "LtiDeepLinkingResponse"
START_PROCTORING = "LtiStartProctoring"
END_ASSESSMENT = "LtiEndAssessment"

VERSION = "1.3.0"
CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
DEEP_LINKING_CLAIM = "https://purl.imsglobal.org/spec/lti-dl/claim/"
# LTI Core 5.4.4 knows no other; a value like "popup" is left out rather than sent.
DOCUMENT_TARGETS = frozenset({"frame", "iframe", "window"})
PRODUCT_FAMILY_CODE = "proctored-credentials"
