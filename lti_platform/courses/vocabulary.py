"""LIS vocabularies for context roles (LTI Core, appendix A)."""

MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
CORE_ROLES = ("Administrator", "ContentDeveloper", "Instructor", "Learner", "Mentor")
CONTEXT_ROLES = (*CORE_ROLES, "Manager", "Member", "Officer")
LEARNER = f"{MEMBERSHIP}Learner"
INSTRUCTOR = f"{MEMBERSHIP}Instructor"
COURSE_OFFERING = "http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"


def role_uri(name: str) -> str:
    """The full URI of a context role given by its short name; a URI is returned as it is."""
    return name if name.startswith("http") else f"{MEMBERSHIP}{name}"


def short_role(uri: str) -> str:
    """The short name of a context role given by its full URI; a short name is returned as it is."""
    return uri.removeprefix(MEMBERSHIP)
