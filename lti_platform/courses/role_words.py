"""Context roles as people read them; a name that is not the standard's own is spelled as words."""

import re

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

PRINCIPAL: dict[str, str | Promise] = {
    "Administrator": _("Administrator"),
    "ContentDeveloper": _("Content developer"),
    "Instructor": _("Instructor"),
    "Learner": _("Learner"),
    "Mentor": _("Mentor"),
    "Manager": _("Manager"),
    "Member": _("Member"),
    "Officer": _("Officer"),
}
# By the name after the principal role (LTI Core A.2.3.2), which some principal roles share.
SUB: dict[str, str | Promise] = {
    "Administrator": _("administrator"),
    "Advisor": _("advisor"),
    "AreaManager": _("area manager"),
    "Auditor": _("auditor"),
    "Chair": _("chair"),
    "Communications": _("communications"),
    "ContentDeveloper": _("content developer"),
    "ContentExpert": _("content expert"),
    "CourseCoordinator": _("course coordinator"),
    "Developer": _("developer"),
    "ExternalAdvisor": _("external advisor"),
    "ExternalAuditor": _("external auditor"),
    "ExternalContentExpert": _("external content expert"),
    "ExternalDeveloper": _("external developer"),
    "ExternalInstructor": _("external instructor"),
    "ExternalLearner": _("external learner"),
    "ExternalLearningFacilitator": _("external learning facilitator"),
    "ExternalMentor": _("external mentor"),
    "ExternalObserver": _("external observer"),
    "ExternalReviewer": _("external reviewer"),
    "ExternalSupport": _("external support"),
    "ExternalSystemAdministrator": _("external system administrator"),
    "ExternalTutor": _("external tutor"),
    "Grader": _("grader"),
    "GuestInstructor": _("guest instructor"),
    "GuestLearner": _("guest learner"),
    "Instructor": _("instructor"),
    "Learner": _("learner"),
    "LearningFacilitator": _("learning facilitator"),
    "Lecturer": _("lecturer"),
    "Librarian": _("librarian"),
    "Manager": _("manager"),
    "Member": _("member"),
    "Mentor": _("mentor"),
    "NonCreditLearner": _("non-credit learner"),
    "Observer": _("observer"),
    "PrimaryInstructor": _("primary instructor"),
    "Reviewer": _("reviewer"),
    "SecondaryInstructor": _("secondary instructor"),
    "Secretary": _("secretary"),
    "Support": _("support"),
    "SystemAdministrator": _("system administrator"),
    "TeachingAssistant": _("teaching assistant"),
    "TeachingAssistantGroup": _("teaching assistant of a group"),
    "TeachingAssistantOffering": _("teaching assistant of an offering"),
    "TeachingAssistantSection": _("teaching assistant of a section"),
    "TeachingAssistantSectionAssociation": _("teaching assistant of a section association"),
    "TeachingAssistantTemplate": _("teaching assistant of a course template"),
    "Treasurer": _("treasurer"),
    "Tutor": _("tutor"),
    "Vice-Chair": _("vice-chair"),
}


def role_words(name: str) -> str | Promise:
    """Words for a short role or sub-role: "Instructor: teaching assistant" of "Instructor#TeachingAssistant"."""
    principal, _hash, sub = name.partition("#")
    known = PRINCIPAL.get(principal, principal)
    return format_lazy("{}: {}", known, SUB.get(sub, _spelled(sub))) if sub else known


def _spelled(name: str) -> str:
    return re.sub(r"(?<=[a-z])-?([A-Z])", r" \1", name).lower()
