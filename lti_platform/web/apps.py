from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "lti_platform.web"
    label = "web"
