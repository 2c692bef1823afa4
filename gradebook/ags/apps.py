from django.apps import AppConfig


class AgsConfig(AppConfig):
    name = "gradebook.ags"
    label = "ags"
