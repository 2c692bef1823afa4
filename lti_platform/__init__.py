"""The Django project and the LTI 1.3 platform."""

from lti_platform.celery import app as celery_app

__all__ = ["celery_app"]
