from django.urls import path

from lti_platform.tools.views import token

urlpatterns = [path("lti/token", token.token, name="lti-token")]
