"""The composition root's addresses: packages are named by dotted string only."""

from django.urls import include, path

from lti_platform.api import api

handler400 = "lti_platform.web.views.errors.bad_request"
handler403 = "lti_platform.web.views.errors.forbidden"
handler404 = "lti_platform.web.views.errors.not_found"
handler500 = "lti_platform.web.views.errors.server_error"

urlpatterns = [
    path("", include("lti_platform.web.urls")),
    path("", include("keys.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("lti_platform.people.urls")),
    path("", include("lti_platform.tools.urls")),
    path("", include("lti_platform.courses.urls")),
    path("", include("lti_platform.launches.urls")),
    path("", include("lti_platform.roster.urls")),
    path("", include("lti_platform.notices.urls")),
    path("", include("gradebook.urls")),
    path("", include("gradebook.ags.urls")),
    path("", include("proctoring.urls")),
    path("", include("proctoring.evidence.urls")),
    path("", include("proctoring.desk.urls")),
    path("", include("proctoring.door.urls")),
    path("", include("certificates.urls")),
    path("", include("certificates.onward.urls")),
    path("api/v1/", api.urls),
]
