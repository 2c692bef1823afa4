"""One settings file for every environment.

Each choice is one environment variable; unset means embedded: SQLite, folders and threads under `var/`.
No code outside this file may ask which it is.
"""

import contextlib
import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent


def text(name: str, default: str = "") -> str:
    """The variable, or the content of the file named by `<name>_FILE`; empty counts as unset."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get(name, "").strip() or default


def boolean(name: str, *, default: bool = False) -> bool:
    """True for `1`, `true`, `yes` or `on`."""
    return text(name, str(default)).lower() in {"1", "true", "yes", "on"}


def integer(name: str, default: int) -> int:
    """The variable as an integer; ValueError names nothing secret."""
    return int(text(name, str(default)))


def words(name: str, default: str = "") -> list[str]:
    """The variable split at commas, blanks dropped."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def generated_secret(path: Path) -> str:
    """A secret made once and kept in `var/`, readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with (
        contextlib.suppress(FileExistsError),
        open(os.open(path, flags, 0o600), "w", encoding="utf-8") as file,
    ):
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="utf-8")


def database(url: str) -> dict[str, object]:
    """Django's database settings for `postgresql://user:password@host:port/name?host=/socket/dir`, or SQLite."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR_DIR / "platform.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    parts = urlsplit(url)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "lti_platform.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", "")) or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": integer("DATABASE_CONN_MAX_AGE", 600),
        "CONN_HEALTH_CHECKS": True,
    }


VAR_DIR = Path(text("VAR_DIR", str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

# --- where this platform lives -------------------------------------------------------------------
PORT = integer("PORT", 8000)
# The issuer: every address we send begins with it. No trailing slash, no query (LTI Security Framework 1.2).
PLATFORM_URL = text("PLATFORM_URL", f"http://localhost:{PORT}")
PLATFORM_NAME = text("PLATFORM_NAME", "Northgate Credentials")
# Whom people ask, in words they can use: "the exam desk, 555 0100". Shown on the help, sign-in and error pages.
HELP_CONTACT = text("HELP_CONTACT")
PLATFORM_GUID = text("PLATFORM_GUID", "proctored-credentials")
PLATFORM_DESCRIPTION = text("PLATFORM_DESCRIPTION")
PLATFORM_CONTACT_EMAIL = text("PLATFORM_CONTACT_EMAIL")
PLATFORM_VERSION = "0.1.0"
ALLOWED_HOSTS = words("ALLOWED_HOSTS", urlsplit(PLATFORM_URL).hostname or "localhost")
HTTPS = PLATFORM_URL.startswith("https://")

SECRET_KEY = text("SECRET_KEY") or generated_secret(VAR_DIR / "secret_key")
SECRET_KEY_IS_GENERATED = not text("SECRET_KEY")
DEBUG = boolean("DEBUG")

# --- data and services ---------------------------------------------------------------------------
DATABASES = {"default": database(text("DATABASE_URL"))}
# A server that processes on other machines reach too; SQLite is a file of this one.
DATABASE_IS_SHARED = bool(text("DATABASE_URL"))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
BROKER_URL = text("BROKER_URL", "memory://")
REACTION_LEASE_SECONDS = integer("REACTION_LEASE_SECONDS", 60)
# gunicorn reads the same variable: how many server processes it starts.
WEB_PROCESSES = integer("WEB_CONCURRENCY", 1)
# A broker in memory lives in one process with its worker and scheduler; by default it would poll once a second.
EMBEDDED_WORKER = BROKER_URL.startswith("memory://")
BROKER_TRANSPORT_OPTIONS = {"polling_interval": 0.02} if EMBEDDED_WORKER else {}
# Sign-in limits are counted here: shared by every server process, or within the one there is.
CACHE_URL = text("CACHE_URL")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL}
    if CACHE_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
KMS_KEY_ID = text("KMS_KEY_ID")
KEY_FILE = Path(text("KEY_FILE", str(VAR_DIR / "key_encryption_key")))
# Keys that sign launches, tokens and deliveries change by themselves; 0 leaves it to people.
KEY_ROTATION_DAYS = integer("KEY_ROTATION_DAYS", 90)
KEY_OVERLAP_DAYS = integer("KEY_OVERLAP_DAYS", 7)
EVIDENCE_BUCKET = text("EVIDENCE_BUCKET")
EVIDENCE_ENDPOINT = text("EVIDENCE_ENDPOINT")
EVIDENCE_REGION = text("EVIDENCE_REGION", "us-east-1")
EVIDENCE_DIR = Path(text("EVIDENCE_DIR", str(VAR_DIR / "evidence")))
EVIDENCE_ITEM_MAX_BYTES = integer("EVIDENCE_ITEM_MAX_BYTES", 512 * 1024 * 1024)

# Hosts (name or name:port) that may be reached over plain HTTP and on private addresses: none in production.
OUTBOUND_PLAIN_HTTP_HOSTS = words("OUTBOUND_PLAIN_HTTP_HOSTS")
OUTBOUND_CA_FILE = text("OUTBOUND_CA_FILE")

# --- the house -----------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "keys",
    "lti_platform.journal",
    "lti_platform.people",
    "lti_platform.tools",
    "lti_platform.courses",
    "lti_platform.launches",
    "lti_platform.roster",
    "lti_platform.notices",
    "lti_platform.web",
    "gradebook",
    "gradebook.ags",
    "proctoring",
    "proctoring.evidence",
    "proctoring.desk",
    "proctoring.door",
    "certificates",
    "certificates.onward",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lti_platform.web.middleware.RequestIdMiddleware",
    "lti_platform.web.middleware.MachineErrorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lti_platform.web.middleware.PersonLocaleMiddleware",
    "lti_platform.journal.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "lti_platform.web.middleware.SecurityHeadersMiddleware",
]

ROOT_URLCONF = "lti_platform.urls"
WSGI_APPLICATION = "lti_platform.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Before the apps' own, so that the sign-in pages are ours.
        "DIRS": [BASE_DIR / "lti_platform" / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lti_platform.web.context.house",
            ],
            "builtins": ["lti_platform.web.templatetags.house"],
        },
    }
]

# Each entry: permission needed (or "" for everyone signed in), url name, label. The masthead shows those one may use.
NAVIGATION = [
    ("learn", "learner-home", _("Home")),
    ("learn", "learner-certificates", _("Certificates")),
    ("review_sessions", "review-queue", _("Queue")),
    ("review_sessions", "review-decided", _("Decided")),
    ("manage_tools", "tool-list", _("Tools")),
    ("manage_tools", "launch-list", _("Launches")),
    ("manage_tools", "door-list", _("Other LMS")),
    ("manage_courses", "course-list", _("Courses")),
    ("manage_courses", "exam-list", _("Exams")),
    ("manage_courses", "credential-list", _("Credentials")),
    ("manage_people", "person-list", _("People")),
    ("manage_destinations", "delivery-list", _("Deliveries")),
    ("manage_keys", "key-list", _("Keys")),
    ("read_files", "compliance-search", _("Search")),
    ("read_files", "certificate-register", _("Register")),
    ("read_files", "journal-list", _("Record")),
]

# --- people and sign-in --------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "proctoring.door.signing_in.ByAnotherPlatform",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("given_name", "family_name", "email", "employee_id")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "lti_platform.people.sign_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "10/m/ip,3/m/key",
}
ACCOUNT_SESSION_REMEMBER = False
ALLAUTH_TRUSTED_PROXY_COUNT = integer("TRUSTED_PROXY_COUNT", 0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
# Addresses come from the company, not from a sign-up, so nobody can hold back another's account this way.
MFA_ALLOW_UNVERIFIED_EMAIL = True

# --- cookies and headers -------------------------------------------------------------------------
# Cookies ignore ports, so every process on one host has its own cookie names.
SESSION_COOKIE_NAME = "platform_session"
CSRF_COOKIE_NAME = "platform_csrf"
LANGUAGE_COOKIE_NAME = "platform_language"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "lti_platform.web.views.errors.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 3600
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin-allow-popups"
X_FRAME_OPTIONS = "DENY"
BEHIND_TLS_PROXY = boolean("BEHIND_TLS_PROXY")
if BEHIND_TLS_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

# --- language and time ---------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [BASE_DIR / "lti_platform" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = text("TIME_ZONE", "America/Chicago")

# --- static files --------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "media"},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- mail ----------------------------------------------------------------------------------------
EMAIL_URL = text("EMAIL_URL")
if EMAIL_URL:
    _mail = urlsplit(EMAIL_URL)
    EMAIL_HOST, EMAIL_PORT = _mail.hostname or "localhost", _mail.port or 25
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
    EMAIL_TIMEOUT = 20  # seconds; a mail server that is silent must not keep a worker for ever
    EMAIL_USE_TLS = _mail.scheme == "smtp+tls"
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
DEFAULT_FROM_EMAIL = text("DEFAULT_FROM_EMAIL", f"{PLATFORM_NAME} <no-reply@localhost>")

# --- protocol limits (seconds unless named otherwise) --------------------------------------------
LTI_LAUNCH_SECONDS = 300
LTI_ID_TOKEN_SECONDS = 300
LTI_ACCESS_TOKEN_SECONDS = 3600
LTI_CLOCK_LEEWAY_SECONDS = 60
# Content of vendors' own types (Deep Linking 2.0, 3): full addresses that name them.
LTI_CONTENT_TYPES = words("LTI_CONTENT_TYPES")
PROCTORING_SESSION_DATA_HOURS = 4
PROCTORING_SETTLE_SECONDS = integer("PROCTORING_SETTLE_SECONDS", 5)
PROCTORING_LATE_SEGMENT_MINUTES = integer("PROCTORING_LATE_SEGMENT_MINUTES", 30)
# Flags and notes of a proctoring tool in one session; a tool in a loop is refused from there on.
PROCTORING_FLAGS_PER_SESSION = integer("PROCTORING_FLAGS_PER_SESSION", 500)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"brief": {"()": "lti_platform.web.logs.WithoutStrangersTraces"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["brief"]}},
    "root": {"handlers": ["console"], "level": text("LOG_LEVEL", "INFO")},
    "loggers": {
        # One line for every task started and ended says nothing; failures still speak.
        "celery": {"level": "WARNING"},
        "kombu": {"level": "ERROR"},
    },
}
