"""The WSGI door: one application object, and the embedded worker where settings say so."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lti_platform.settings")
application = get_wsgi_application()

from django.conf import settings  # noqa: E402  (settings are ready once the application is)

if settings.EMBEDDED_WORKER:
    from lti_platform.celery import app
    from lti_platform.embedded import EmbeddedWorker

    EmbeddedWorker(app).start()
