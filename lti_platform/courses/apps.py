from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "lti_platform.courses"
    label = "courses"
