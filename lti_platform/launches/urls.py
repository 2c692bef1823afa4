"""Addresses of this package."""

from django.urls import path, re_path

from lti_platform.launches.views import (
    admin,
    authorize,
    content,
    content_return,
    course,
    files,
    learner,
    link,
    telling,
    trying,
)

urlpatterns = [
    path("lti/authorize", authorize.authorize, name="lti-authorize"),
    path("lti/launch/<uuid:pk>/", learner.open_link, name="launch-link"),
    path("lti/launch/<uuid:pk>/framed/", link.open_framed, name="launch-framed"),
    path("lti/launch/<uuid:pk>/beside/", link.open_beside, name="launch-beside"),
    path("lti/links/<uuid:pk>/", link.link_page, name="link-page"),
    # Tools append "?…" and "&…" blindly, so the reference is only the beginning of what follows.
    re_path(r"^lti/return/(?P<rest>.+)$", learner.tool_return, name="lti-return"),
    path("lti/deep-linking/return", content_return.take, name="deep-linking-return"),
    path("courses/<uuid:pk>/", course.course_page, name="course-page"),
    path("courses/<uuid:pk>/files/<uuid:item_id>/", files.course_file, name="course-file"),
    path("admin/courses/<uuid:pk>/content/", content.content, name="course-content"),
    path("admin/courses/<uuid:pk>/content/ask/<uuid:deployment_id>/", content.ask, name="content-ask"),
    path("admin/courses/<uuid:pk>/content/<uuid:item_id>/remove/", content.remove, name="content-remove"),
    path("admin/content/<uuid:pk>/", content.review, name="content-review"),
    path("admin/content/<uuid:pk>/files/<int:position>/", files.picked_file, name="content-file"),
    path("admin/content/<uuid:pk>/add/", content.add, name="content-add"),
    path("admin/content/<uuid:pk>/discard/", content.discard, name="content-discard"),
    path("you/tools/", telling.own_tools, name="own-tools"),
    path("you/tools/<uuid:pk>/<slug:about>/", telling.tool_tells, name="tool-tells"),
    path("admin/tools/<uuid:pk>/try/", trying.tool_try, name="tool-try"),
    path("admin/tools/<uuid:pk>/try/course/", trying.trial_course, name="tool-try-course"),
    path("admin/launches/", admin.launch_list, name="launch-list"),
    path("admin/launches/<str:reference>/", admin.launch_detail, name="launch-detail"),
]
