from django.urls import path

from lti_platform.tools.dynamic.views import linking, protocol, requests

LINK = "admin/tools/register/<uuid:pk>"
REQUEST = "admin/tools/requests/<uuid:pk>"

urlpatterns = [
    path(".well-known/openid-configuration", protocol.openid_configuration, name="openid-configuration"),
    path("lti/register", protocol.register, name="lti-register"),
    path("lti/register/<str:client_id>", protocol.registration, name="lti-registration"),
    path("register-a-tool/<str:token>/", linking.vendor, name="registration-by-vendor"),
    path("admin/tools/register/", linking.link_new, name="registration-link-new"),
    path(f"{LINK}/", linking.link_detail, name="registration-link"),
    path(f"{LINK}/state.json", linking.link_state, name="registration-link-state"),
    path(f"{LINK}/open/", linking.link_open, name="registration-link-open"),
    path(f"{LINK}/withdraw/", linking.link_withdraw, name="registration-link-withdraw"),
    path("admin/tools/requests/", requests.request_list, name="tool-request-list"),
    path(f"{REQUEST}/", requests.request_detail, name="tool-request"),
    path(f"{REQUEST}/decline/", requests.request_decline, name="tool-request-decline"),
]
