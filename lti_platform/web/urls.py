from django.urls import path

from lti_platform.web.views import health, language, pages

urlpatterns = [
    path("", pages.home, name="home"),
    path("you/", pages.you, name="you"),
    path("language/", language.set_language, name="set-language"),
    path("privacy/", pages.privacy, name="privacy"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("help/", pages.help, name="help"),
    path("healthz", health.healthz, name="healthz"),
]
