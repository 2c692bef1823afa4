"""Addresses of this package."""

from django.urls import URLPattern, URLResolver, path

from lti_platform.notices.views import admin, service

urlpatterns: list[URLPattern | URLResolver] = [
    path("lti/notices/<uuid:pk>", service.notice_handlers, name="notice-handlers"),
    path("admin/tools/<uuid:pk>/notices/", admin.notice_list, name="notice-list"),
    path("admin/tools/<uuid:pk>/notices/hello/", admin.notice_hello, name="notice-hello"),
]
