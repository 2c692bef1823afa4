from django.apps import AppConfig


class DoorConfig(AppConfig):
    name = "proctoring.door"
    label = "door"
