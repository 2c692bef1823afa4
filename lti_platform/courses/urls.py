from django.urls import path

from lti_platform.courses.views import admin

urlpatterns = [
    path("admin/courses/", admin.course_list, name="course-list"),
    path("admin/courses/new/", admin.course_new, name="course-new"),
    path("admin/courses/<uuid:pk>/", admin.course_detail, name="course-detail"),
    path(
        "admin/courses/<uuid:pk>/people/<uuid:person_id>/suspend/",
        admin.member_suspend,
        name="member-suspend",
    ),
]
