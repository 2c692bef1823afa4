from django.urls import path

from lti_platform.people.views import admin

urlpatterns = [
    path("admin/people/", admin.person_list, name="person-list"),
    path("admin/people/new/", admin.person_new, name="person-new"),
    path("admin/people/<uuid:pk>/", admin.person_detail, name="person-detail"),
    path("admin/people/<uuid:pk>/roles/", admin.role_grant, name="role-grant"),
    path("admin/people/<uuid:pk>/roles/<uuid:grant_id>/withdraw/", admin.role_withdraw, name="role-withdraw"),
]
