"""Why somebody who came through the door is not let in. Each rule has a code and words for the person.

DoorError
├── ArrivalRefused     the message is not to be believed, or not for us
├── NothingAsked       a pick without a request that it answers, or a second one
├── PlatformUnknown    nobody entered the platform here, or it is off
├── ClientUnnamed      it knows us by several client ids, and did not say which one it means
├── PlatformRefused    it says itself that it will not
├── SendingFailed      the other platform did not take a result
└── NotLetIn           it is, and this person, exam or role stays out
    ├── PersonUnnamed  PersonUnknown  PersonElsewhere  AlreadyBound
    ├── StaffStaysOut  OutOfStanding  NotALearner  NotATeacher
    └── ExamUnknown    TakenOffTheCourse
"""

from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from proctoring.door.models import OtherPlatform


class DoorError(Exception):
    """Base of everything raised here; `code` is stable, `message` may be shown, `platform` is whose launch it was.

    Where it is raised the platform may not be at hand; who calls then says it.
    """

    code = "door_error"
    message: str | Promise = _("This launch could not be used.")

    def __init__(self, *said: str, platform: "OtherPlatform | None" = None) -> None:
        super().__init__(*said)
        self.platform = platform


class ArrivalRefused(DoorError):
    """The message broke a rule of LTI; the words of the library are for the record."""

    code = "door_arrival_refused"
    message = _("Your learning system’s message could not be trusted, so nothing was started.")


class NothingAsked(DoorError):
    code = "door_nothing_asked"
    message = _("There is nothing to pick here any more. Begin again in your learning system.")


class PlatformUnknown(DoorError):
    code = "door_platform_unknown"
    message = _("We do not know your learning system, or it is switched off here.")


class ClientUnnamed(DoorError):
    """A login without `client_id` that fits several of the issuer's (Security Framework 5.1.1.1 makes it optional)."""

    code = "door_client_unnamed"
    message = _(
        "Your learning system knows us by several client ids and did not say which one it means. Its administrator has "
        "to send client_id or lti_deployment_id with each login."
    )


class PlatformRefused(DoorError):
    """The other platform answered our question with an error (OpenID Connect Core 3.1.2.6), in words of its own."""

    code = "door_platform_refused"

    def __init__(self, *, error: str, words: str) -> None:
        super().__init__(f"{error}: {words}")
        said = " – ".join(part for part in (error, words) if part)
        self.message = _("Your learning system did not open the exam. It says: %(said)s") % {"said": said}


class SendingFailed(DoorError):
    """`is_final` when trying again changes nothing."""

    code = "door_sending_failed"

    def __init__(self, words: str, *, is_final: bool = False) -> None:
        super().__init__(words)
        self.is_final = is_final


class NotLetIn(DoorError):
    code = "door_not_let_in"


class PersonUnnamed(NotLetIn):
    code = "door_person_unnamed"
    message = _("Your learning system did not say who you are: the employee id is missing.")


class PersonUnknown(NotLetIn):
    code = "door_person_unknown"
    message = _("We do not know you yet. Ask your administrator to add you to the roster.")


class PersonElsewhere(NotLetIn):
    """The id is that of somebody in another organization; the words do not tell."""

    code = "door_person_elsewhere"
    message = _("We do not know you yet. Ask your administrator to add you to the roster.")


class AlreadyBound(NotLetIn):
    code = "door_already_bound"
    message = _("Another account of your learning system is already matched with your record here.")


class StaffStaysOut(NotLetIn):
    """Who reviews, administers, teaches or keeps compliance signs in here, with a password and more."""

    code = "door_staff_stays_out"
    message = _("You have duties on this platform. Sign in here instead of coming from your learning system.")


class OutOfStanding(NotLetIn):
    code = "door_out_of_standing"
    message = _("Your record here is not active. Ask your administrator.")


class NotALearner(NotLetIn):
    """Mostly a teacher who tries the link, which works."""

    code = "door_not_a_learner"

    def __init__(self, exam: str) -> None:
        super().__init__(f"for {exam}")
        words = _(
            "For learners this link opens “%(exam)s”. You came in another role, so nothing was started."
        )
        self.message = words % {"exam": exam}


class NotATeacher(NotLetIn):
    code = "door_not_a_teacher"
    message = _("Exams are picked by who builds the course. You came in another role.")


class ExamUnknown(NotLetIn):
    code = "door_exam_unknown"
    message = _("This link names no exam of your organization. Ask your course’s teacher to pick it again.")


class TakenOffTheCourse(NotLetIn):
    code = "door_taken_off_the_course"
    message = _("You were taken off this course. Ask your administrator.")
