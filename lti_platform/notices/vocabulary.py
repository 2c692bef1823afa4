"""Names of the Platform Notification Service 1.0."""

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
SERVICE_CLAIM = f"{CLAIM}platformnotificationservice"
HELLO_WORLD = "LtiHelloWorldNotice"
CONTEXT_COPY = "LtiContextCopyNotice"
NOTICE_TYPES = (HELLO_WORLD, CONTEXT_COPY)
