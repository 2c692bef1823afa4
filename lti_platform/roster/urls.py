"""Addresses of this package."""

from django.urls import URLPattern, URLResolver, path

from lti_platform.roster.views import groups, memberships

COURSE = "lti/contexts/<uuid:context_id>"

urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{COURSE}/memberships", memberships.memberships, name="nrps-memberships"),
    path(f"{COURSE}/groups", groups.groups, name="course-groups-service"),
    path(f"{COURSE}/group-sets", groups.group_sets, name="course-group-sets-service"),
]
