from django.urls import path

from certificates.onward.views import admin

urlpatterns = [
    path("admin/deliveries/", admin.delivery_list, name="delivery-list"),
    path("admin/deliveries/<uuid:pk>/replay/", admin.delivery_replay, name="delivery-replay"),
    path("admin/destinations/new/", admin.destination_new, name="destination-new"),
    path("admin/destinations/<uuid:pk>/", admin.destination_detail, name="destination-detail"),
]
