"""What Django and allauth say to a learner, listed so that our catalogue can address the learner as we do."""

from django.utils.translation import gettext_noop

BORROWED_WORDS = (
    gettext_noop("Enter a valid email address."),
    gettext_noop("This field is required."),
    gettext_noop("The email address and/or password you specified are not correct."),
    gettext_noop("You must type the same password each time."),
    gettext_noop("Please type your current password."),
    gettext_noop("Incorrect password."),
    gettext_noop("Incorrect code."),
    gettext_noop("This password is too common."),
    gettext_noop("Too many failed login attempts. Try again later."),
)
