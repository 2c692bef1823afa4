"""The platform's settings, in a folder of their own, with the slow and safe choices made fast."""

import atexit
import os
import shutil
import tempfile

# Each test process (and each xdist worker) has its own folder: keys and evidence are made in it.
_folder = tempfile.mkdtemp(prefix="platform-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["VAR_DIR"] = _folder

from lti_platform.settings import *  # noqa: E402, F403
from lti_platform.settings import DATABASES, STORAGES, VAR_DIR  # noqa: E402

SECRET_KEY = "tests"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, as in production: an in-memory database shared by threads locks differently.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;",
    }
