from django.apps import AppConfig


class ToolsConfig(AppConfig):
    name = "lti_platform.tools"
    label = "tools"
