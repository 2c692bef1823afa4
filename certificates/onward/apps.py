from django.apps import AppConfig


class OnwardConfig(AppConfig):
    name = "certificates.onward"
    label = "onward"
