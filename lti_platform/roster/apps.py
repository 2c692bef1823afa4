from django.apps import AppConfig


class RosterConfig(AppConfig):
    name = "lti_platform.roster"
    label = "roster"
