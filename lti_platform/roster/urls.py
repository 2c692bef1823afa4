"""Addresses of this package."""

from django.urls import URLPattern, URLResolver, path

from lti_platform.roster.views import memberships

urlpatterns: list[URLPattern | URLResolver] = [
    path("lti/contexts/<uuid:context_id>/memberships", memberships.memberships, name="nrps-memberships"),
]
