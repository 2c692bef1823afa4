from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JournalConfig(AppConfig):
    name = "lti_platform.journal"
    label = "journal"

    def ready(self) -> None:
        autodiscover_modules("facts")
        autodiscover_modules("reactions")
        autodiscover_modules("tasks")
