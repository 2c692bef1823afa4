from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoursesConfig(AppConfig):
    name = "lti_platform.courses"
    label = "courses"

    def ready(self) -> None:
        """Finds what packages copy along with a course: the `copying` module of each installed app."""
        autodiscover_modules("copying")
