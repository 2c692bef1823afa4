from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class LaunchesConfig(AppConfig):
    name = "lti_platform.launches"
    label = "launches"

    def ready(self) -> None:
        """Finds what packages add to a launch: the `claims` module of each installed app."""
        autodiscover_modules("claims")
