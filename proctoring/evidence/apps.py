from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "proctoring.evidence"
    label = "evidence"

    def ready(self) -> None:
        from proctoring.evidence import checks  # noqa: F401  (registers the checks)
