"""Addresses of this package."""

from django.urls import path, re_path

from lti_platform.launches.views import admin, authorize, learner, link

urlpatterns = [
    path("lti/authorize", authorize.authorize, name="lti-authorize"),
    path("lti/launch/<uuid:pk>/", learner.open_link, name="launch-link"),
    path("lti/launch/<uuid:pk>/framed/", link.open_framed, name="launch-framed"),
    path("lti/launch/<uuid:pk>/beside/", link.open_beside, name="launch-beside"),
    path("lti/links/<uuid:pk>/", link.link_page, name="link-page"),
    # Tools append "?…" and "&…" blindly, so the reference is only the beginning of what follows.
    re_path(r"^lti/return/(?P<rest>.+)$", learner.tool_return, name="lti-return"),
    path("admin/launches/", admin.launch_list, name="launch-list"),
    path("admin/launches/<str:reference>/", admin.launch_detail, name="launch-detail"),
]
