"""The WSGI door: one application object, refused to unsafe settings, and the embedded worker where they say so."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lti_platform.settings")
application = get_wsgi_application()

from django.conf import settings  # noqa: E402  (settings are ready once the application is)

from lti_platform.starting import refuse_unsafe_settings  # noqa: E402

refuse_unsafe_settings()

if settings.EMBEDDED_WORKER:
    from lti_platform.celery import app
    from lti_platform.embedded import EmbeddedWorker, stay_alone

    stay_alone(settings.VAR_DIR / "embedded_worker.lock")
    EmbeddedWorker(app).start()
