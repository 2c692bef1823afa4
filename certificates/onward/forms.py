"""Forms about destinations."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from certificates.onward.models import Destination
from lti_platform.outbound.errors import OutboundError
from lti_platform.outbound.guard import resolve
from lti_platform.people.models import Organization, Person
from lti_platform.people.roles import grants_of
from lti_platform.people.scoping import scoped
from lti_platform.web.https_field import HttpsField


class DestinationForm(forms.ModelForm):  # type: ignore[type-arg]
    """A receiver's address is judged when it is given, and again at every try."""

    class Meta:
        model = Destination
        fields = ["name", "url", "organization", "sends_score", "is_enabled"]
        field_classes = {"url": HttpsField}

    def __init__(self, *args: Any, viewer: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organization"]
        field.queryset = scoped(  # type: ignore[attr-defined]
            Organization.objects.order_by("name"), viewer, "manage_destinations", organization="id"
        )
        field.required = grants_of(viewer).organizations("manage_destinations") is not None
        field.empty_label = _("Everyone")  # type: ignore[attr-defined]
        self.fields["url"].help_text = _("HTTPS. We post signed JSON here (Standard Webhooks).")

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"])
        try:
            resolve(url)
        except OutboundError as error:
            raise forms.ValidationError(
                _("We may not send to %(host)s: %(why)s"),
                params={"host": urlsplit(url).hostname, "why": getattr(error, "message", error.code)},
            ) from error
        return url
