"""Addresses of this room."""

from django.urls import path

from proctoring.door.views import admin, offering, tool

urlpatterns = [
    path("door/login", tool.login_initiation, name="door-login"),
    path("door/launch", tool.launch, name="door-launch"),
    path("door/offer", offering.offer, name="door-offer"),
    path("admin/other-platforms/", admin.platform_list, name="door-list"),
    path("admin/other-platforms/new", admin.platform_new, name="door-new"),
    path("admin/other-platforms/<uuid:pk>/", admin.platform_detail, name="door-detail"),
    path("admin/other-platforms/<uuid:pk>/edit", admin.platform_edit, name="door-edit"),
    path(
        "admin/other-platforms/<uuid:pk>/visitors/<uuid:visitor>/forget",
        admin.visitor_forget,
        name="door-forget",
    ),
    path("admin/other-platforms/<uuid:pk>/results/<uuid:result>/send", admin.result_send, name="door-send"),
]
