from django.urls import include, path

from lti_platform.tools.views import admin, checking, keys, switching, token

TOOL = "admin/tools/<uuid:pk>"

urlpatterns = [
    path("", include("lti_platform.tools.dynamic.urls")),
    path("lti/token", token.token, name="lti-token"),
    path("admin/tools/", admin.tool_list, name="tool-list"),
    path("admin/tools/new/", admin.tool_new, name="tool-new"),
    path(f"{TOOL}/", admin.tool_detail, name="tool-detail"),
    path(f"{TOOL}/edit/", admin.tool_edit, name="tool-edit"),
    path(f"{TOOL}/sheet.json", admin.tool_sheet, name="tool-sheet"),
    path(f"{TOOL}/sheet.txt", admin.tool_sheet_text, name="tool-sheet-text"),
    path(f"{TOOL}/check-up/", checking.check_up, name="tool-check-up"),
    path(f"{TOOL}/own-keys/", checking.tool_own_keys, name="tool-own-keys"),
    path(f"{TOOL}/enable/", switching.tool_enable, name="tool-enable"),
    path(f"{TOOL}/disable/", switching.tool_disable, name="tool-disable"),
    path(f"{TOOL}/key-set/", switching.key_set_fetch, name="tool-key-set-fetch"),
    path(f"{TOOL}/deployments/", switching.deployment_new, name="deployment-new"),
    path(f"{TOOL}/deployments/<uuid:deployment_pk>/", switching.deployment_switch, name="deployment-switch"),
    path("admin/keys/", keys.key_list, name="key-list"),
    path("admin/keys/<str:kid>/revoke/", keys.key_revoke, name="key-revoke"),
    path("lti/tools/<str:client_id>/jwks.json", keys.tool_key_set, name="tool-key-set"),
]
