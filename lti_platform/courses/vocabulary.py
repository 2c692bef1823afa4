"""LIS vocabularies for context roles (LTI Core, appendix A)."""

MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
CORE_ROLES = ("Administrator", "ContentDeveloper", "Instructor", "Learner", "Mentor")
CONTEXT_ROLES = (*CORE_ROLES, "Manager", "Member", "Officer")
LEARNER = f"{MEMBERSHIP}Learner"
INSTRUCTOR = f"{MEMBERSHIP}Instructor"
MENTOR = f"{MEMBERSHIP}Mentor"
COURSE = "http://purl.imsglobal.org/vocab/lis/v2/course#"
INSTITUTION_ADMINISTRATOR = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator"
# Context sub-roles by their principal role (LTI Core A.2.3.2).
SUB_ROLES = {
    "Administrator": (
        *("Administrator", "Developer", "ExternalDeveloper", "ExternalSupport"),
        *("ExternalSystemAdministrator", "Support", "SystemAdministrator"),
    ),
    "ContentDeveloper": ("ContentDeveloper", "ContentExpert", "ExternalContentExpert", "Librarian"),
    "Instructor": (
        *("ExternalInstructor", "Grader", "GuestInstructor", "Lecturer", "PrimaryInstructor"),
        *("SecondaryInstructor", "TeachingAssistant", "TeachingAssistantGroup", "TeachingAssistantOffering"),
        *("TeachingAssistantSection", "TeachingAssistantSectionAssociation", "TeachingAssistantTemplate"),
    ),
    "Learner": ("ExternalLearner", "GuestLearner", "Instructor", "Learner", "NonCreditLearner"),
    "Manager": ("AreaManager", "CourseCoordinator", "ExternalObserver", "Manager", "Observer"),
    "Member": ("Member",),
    "Mentor": (
        *("Advisor", "Auditor", "ExternalAdvisor", "ExternalAuditor", "ExternalLearningFacilitator"),
        *("ExternalMentor", "ExternalReviewer", "ExternalTutor", "LearningFacilitator", "Mentor"),
        *("Reviewer", "Tutor"),
    ),
    "Officer": ("Chair", "Communications", "Secretary", "Treasurer", "Vice-Chair"),
}


def role_uri(name: str) -> str:
    """The full URI of a context role given by its short name; a URI is returned as it is."""
    return name if name.startswith("http") else f"{MEMBERSHIP}{name}"


def principal_role(name: str) -> str:
    """The short principal role of a short role or sub-role: "Instructor" of "Instructor#Grader"."""
    return name.partition("#")[0]


def context_type_uri(name: str) -> str:
    """The full URI of a context type given by its short name, such as "CourseSection" (LTI Core A.1)."""
    return f"{COURSE}{name}"
