from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "proctoring.desk"
    label = "desk"
