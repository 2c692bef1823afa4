from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "lti_platform.web"
    label = "web"

    def ready(self) -> None:
        from lti_platform.web import checks  # noqa: F401  (registers the checks)
