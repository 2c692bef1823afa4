from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "proctoring.evidence"
    label = "evidence"
