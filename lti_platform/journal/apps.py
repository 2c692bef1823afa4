from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JournalConfig(AppConfig):
    name = "lti_platform.journal"
    label = "journal"

    def ready(self) -> None:
        from lti_platform.journal import checks  # noqa: F401  (registers the checks)

        autodiscover_modules("facts")
        autodiscover_modules("reactions")
        autodiscover_modules("tasks")
