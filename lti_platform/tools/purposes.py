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
}
