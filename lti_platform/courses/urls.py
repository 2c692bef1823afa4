from django.urls import path

from lti_platform.courses.views import admin, details, groups

urlpatterns = [
    path("admin/courses/", admin.course_list, name="course-list"),
    path("admin/courses/new/", admin.course_new, name="course-new"),
    path("admin/courses/<uuid:pk>/", admin.course_detail, name="course-detail"),
    path(
        "admin/courses/<uuid:pk>/people/<uuid:person_id>/suspend/",
        admin.member_suspend,
        name="member-suspend",
    ),
    path(
        "admin/courses/<uuid:pk>/people/<uuid:person_id>/remove/",
        admin.member_remove,
        name="member-remove",
    ),
    path("admin/courses/<uuid:pk>/edit/", details.course_edit, name="course-edit"),
    path("admin/courses/<uuid:pk>/copy/", details.course_copy, name="course-copy"),
    path("admin/courses/<uuid:pk>/tools/", details.course_tool_new, name="course-tool-new"),
    path("admin/courses/<uuid:pk>/links/new/", details.link_new, name="link-new"),
    path("admin/courses/<uuid:pk>/links/<uuid:link_id>/", details.link_edit, name="link-edit"),
    path("admin/courses/<uuid:pk>/people/<uuid:person_id>/", details.member_edit, name="member-edit"),
    path("admin/courses/<uuid:pk>/groups/", groups.group_list, name="group-list"),
    path("admin/courses/<uuid:pk>/groups/<uuid:group_id>/", groups.group_detail, name="group-detail"),
    path("admin/courses/<uuid:pk>/groups/<uuid:group_id>/remove/", groups.group_remove, name="group-remove"),
]
