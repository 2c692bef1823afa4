"""What our signing keys are for, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from keys.purposes import Purpose

PURPOSE_WORDS: dict[Purpose, str | Promise] = {
    Purpose.ID_TOKEN: _("Launches"),
    Purpose.ACCESS_TOKEN: _("Access tokens"),
    Purpose.SEAL: _("Seals of evidence and of the record"),
    Purpose.CREDENTIAL: _("Certificates"),
    Purpose.WEBHOOK: _("Deliveries"),
    Purpose.TOOL: _("What we send to other learning systems as their tool"),
}

# What stops when a key of this purpose is revoked, before somebody decides it.
REVOKING_BREAKS: dict[Purpose, str | Promise] = {
    Purpose.ID_TOKEN: _(
        "Launches that a browser holds just now fail; people open them again. Tools that keep our key set for some "
        "minutes refuse launches until they ask for it again."
    ),
    Purpose.ACCESS_TOKEN: _(
        "Every access token it signed stops working. Tools ask for another, at once or after their next refused "
        "request; scores on their way may have to be sent again."
    ),
    Purpose.SEAL: _(
        "Seals of evidence and of the record made with it are trusted no more, however old. First export the files "
        "that rest on it; they have to be sealed again."
    ),
    Purpose.CREDENTIAL: _(
        "What it signed for certificates is trusted no more. The public proof page goes on."
    ),
    Purpose.WEBHOOK: _("Deliveries on their way may be refused; they are sent again, signed by the new key."),
    Purpose.TOOL: _(
        "Results on their way to other learning systems are refused until those have read our key set again; they "
        "are sent again."
    ),
}
