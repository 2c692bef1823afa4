from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "lti_platform.notices"
    label = "notices"
