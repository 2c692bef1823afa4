from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ToolsConfig(AppConfig):
    name = "lti_platform.tools"
    label = "tools"

    def ready(self) -> None:
        """Finds what packages add to a check-up: the `findings` module of each installed app."""
        autodiscover_modules("findings")
