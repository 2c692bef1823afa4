"""A form's field for an address that we will ask or send to."""

from typing import Any

from django import forms


class HttpsField(forms.URLField):
    """An address; one given without a scheme is taken for HTTPS."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"assume_scheme": "https", **kwargs})
