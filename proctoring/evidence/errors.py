"""What may go wrong with evidence.

EvidenceError
├── StoreError
│   ├── StoreUnavailable       the store did not answer; trying again may help
│   ├── ObjectMissing
│   ├── ObjectExists           written once, and it was
│   ├── KeyMalformed           not a name this store gave out
│   ├── UploadTooLong          more bytes than were declared
│   └── UploadCutShort         fewer
├── AddressRefused             an upload or playback address that is forged, altered or expired
├── SessionUnknown             no such session, or another tool's
├── ItemUnknown
├── CollectionOver             the session takes no more evidence
├── TooManyItems
├── ItemRefused                what is planned breaks a limit
│   ├── KindUnknown
│   ├── MediaTypeRefused
│   ├── StreamMalformed
│   ├── SequenceTooHigh
│   └── BytesOutOfRange
├── ItemDiffers                the same place in the stream was planned otherwise
├── ItemNotPlanned             its bytes are here already
├── NotUploaded                completed before a byte arrived
├── CompletionDiffers          completed already, with other words
├── CompletionRefused          sizes or times that cannot be
├── EndDiffers                 the end was announced already, otherwise
├── ReasonRequired             nobody sees evidence without saying why
├── AccessOver                 the access has run out, or is for something else
├── DocumentNameRefused        not a plain file name
├── SealOvertaken              the session went on changing while its manifest was stored; try again
└── SealBroken                 a manifest's signature does not fit
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class EvidenceError(Exception):
    """Base of this package. `code` is stable, `message` may be shown; `detail` adds what was found."""

    code = "evidence_error"
    message: str | Promise = _("The evidence could not be handled.")

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.message} {self.detail}".strip()


class StoreError(EvidenceError):
    code = "store_error"


class StoreUnavailable(StoreError):
    code = "store_unavailable"
    message = _("The evidence store does not answer.")


class ObjectMissing(StoreError):
    code = "object_missing"
    message = _("There is no such object.")


class ObjectExists(StoreError):
    code = "object_exists"
    message = _("This object is written once, and it was.")


class KeyMalformed(StoreError):
    code = "key_malformed"
    message = _("This is not the name of an object.")


class UploadTooLong(StoreError):
    code = "upload_too_long"
    message = _("More bytes arrived than were declared.")


class UploadCutShort(StoreError):
    code = "upload_cut_short"
    message = _("Fewer bytes arrived than were declared.")


class AddressRefused(EvidenceError):
    code = "address_refused"
    message = _("This address is not valid, or no longer.")


class SessionUnknown(EvidenceError):
    code = "session_unknown"
    message = _("There is no such session.")


class ItemUnknown(EvidenceError):
    code = "item_unknown"
    message = _("There is no such item.")


class CollectionOver(EvidenceError):
    code = "collection_over"
    message = _("The session takes no more evidence.")


class TooManyItems(EvidenceError):
    code = "too_many_items"
    message = _("The session holds as many items as it may.")


class ItemRefused(EvidenceError):
    code = "item_refused"


class KindUnknown(ItemRefused):
    code = "kind_unknown"
    message = _("This kind of evidence is not known.")


class MediaTypeRefused(ItemRefused):
    code = "media_type_refused"
    message = _("This kind of evidence is not taken in this media type.")


class StreamMalformed(ItemRefused):
    code = "stream_malformed"
    message = _("A stream is named by 1 to 20 of a–z, 0–9, - and _; a recording must name one.")


class SequenceTooHigh(ItemRefused):
    code = "sequence_too_high"
    message = _("The sequence is out of range.")


class BytesOutOfRange(ItemRefused):
    code = "bytes_out_of_range"
    message = _("The size is out of range.")


class ItemDiffers(EvidenceError):
    code = "item_differs"
    message = _("This place in the stream was planned with another size or media type.")


class ItemNotPlanned(EvidenceError):
    code = "item_not_planned"
    message = _("The item is complete: it is written once.")


class NotUploaded(EvidenceError):
    code = "not_uploaded"
    message = _("Nothing was uploaded yet.")


class CompletionDiffers(EvidenceError):
    code = "completion_differs"
    message = _("The item was completed before, with other values.")


class CompletionRefused(EvidenceError):
    code = "completion_refused"
    message = _("These values cannot be.")


class EndDiffers(EvidenceError):
    code = "end_differs"
    message = _("The end was announced before, with other values.")


class ReasonRequired(EvidenceError):
    code = "reason_required"
    message = _("Say why you need to see this evidence.")


class AccessOver(EvidenceError):
    code = "access_over"
    message = _("This access has run out, or was given for something else.")


class DocumentNameRefused(EvidenceError):
    code = "document_name_refused"
    message = _("A document needs a plain file name.")


class SealOvertaken(EvidenceError):
    code = "seal_overtaken"


class SealBroken(EvidenceError):
    code = "seal_broken"
    message = _("The signature does not fit the manifest.")
