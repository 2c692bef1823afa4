from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "lti_platform.people"
    label = "people"
