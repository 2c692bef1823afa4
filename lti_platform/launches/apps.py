from django.apps import AppConfig


class LaunchesConfig(AppConfig):
    name = "lti_platform.launches"
    label = "launches"
