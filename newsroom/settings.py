"""Every setting of the site; every value that differs between outlets comes from the environment.

One switch decides how strict the site is: the scheme of ``SITE_URL``. With ``https`` cookies are
Secure and carry ``__Host-`` names, HSTS is sent and ``SECRET_KEY`` is demanded. With ``http`` on a
loopback address (the default, a laptop) names are plain and a key is made once into ``var/``.
``http`` on any other host is refused by a system check unless ``ALLOW_PLAIN_HTTP=1``.
``docs/operators.md`` lists the variables.
"""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from whitenoise.compress import Compressor

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

# --- The one switch ---------------------------------------------------------------------------

SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOW_PLAIN_HTTP = env.bool("ALLOW_PLAIN_HTTP", default=False)
_site = urlsplit(SITE_URL)
SECURE = _site.scheme == "https"
# Where `manage.py serve` listens: on this machine only; on a laptop where the links lead.
_is_here = _site.hostname in {"127.0.0.1", "localhost", "::1"}
_has_port = ":" in _site.netloc.rpartition("]")[2]
BIND = env.str("BIND", default=_site.netloc if _is_here and _has_port else "127.0.0.1:8000")


def _secret_key() -> str:
    """The key from the environment; on plain http one that is made once and kept in ``var/``."""
    if key := env.str("SECRET_KEY", default=""):
        return key
    if SECURE:
        message = (
            "SECRET_KEY is not set, and a site on https needs one that is its own. Make one with"
            " `python -c 'import secrets; print(secrets.token_urlsafe(50))'` and put it into the"
            " environment."
        )
        raise ImproperlyConfigured(message)
    kept = VAR_DIR / "secret_key"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(get_random_secret_key())
    return kept.read_text()


SECRET_KEY = _secret_key()
DEBUG = False
# The loopback names stay allowed on a laptop only; elsewhere the site answers to its own name.
ALLOWED_HOSTS = [_site.hostname or "", *env.list("EXTRA_HOSTS", default=[])]
if not SECURE:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 63_072_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
# Behind a proxy that ends TLS and sets this header itself (the shipped nginx does).
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
_cookie_prefix = "__Host-" if SECURE else ""
SESSION_COOKIE_NAME = f"{_cookie_prefix}session"
CSRF_COOKIE_NAME = f"{_cookie_prefix}csrf"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

# Where readers fetch pictures: from us, or from a bucket or a CDN, which the policy must allow.
MEDIA_URL = f"{env.str('MEDIA_URL', default='/media').rstrip('/')}/"
_media = urlsplit(MEDIA_URL)
_elsewhere = [f"{_media.scheme}://{_media.netloc}"] if _media.netloc else []

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *_elsewhere],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

# --- Applications -----------------------------------------------------------------------------

INSTALLED_APPS = [
    # Before staticfiles: its collectstatic joins the style sheets.
    "newsroom.apps.NewsroomConfig",
    "newsroom.apps.DeskConfig",
    # Before our apps: permissions are there when articles makes its groups after migrate.
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "newsroom.accounts",
    "newsroom.publication",
    "newsroom.images",
    "newsroom.redirects",
    "newsroom.audit",
    "newsroom.deliveries",
    "sections",
    "authors",
    "articles",
    "newsroom.fronts",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    # With FORM_RENDERER: widgets of ours have their templates with the others.
    "django.forms",
    "allauth",
    "allauth.account",
    "csp",
    "django_prose_editor",
    "django_tasks",
    "django_tasks_db",
    "js_asset",
    "taggit",
]

MIDDLEWARE = [
    # Those that write headers come first, so that static files, refusals and the way to https
    # carry them, too.
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "newsroom.middleware.resource_policy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "newsroom.middleware.refuse_nul",
    "newsroom.middleware.refuse_large",
    "newsroom.middleware.PublicConditionalGet",
    "newsroom.middleware.DeskSession",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "newsroom.middleware.DeskAuthentication",
    "newsroom.middleware.DeskMessages",
    "allauth.account.middleware.AccountMiddleware",
    "newsroom.publication.middleware.publication",
    "newsroom.redirects.middleware.redirects",
]

ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"
# The view that finds a path mends slashes itself; see newsroom/fronts/views.py.
APPEND_SLASH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "newsroom.publication.context.masthead",
                "sections.context.navigation",
            ],
        },
    },
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Storage of rows, files and passing things ------------------------------------------------

DATABASES = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'newsroom.sqlite3'}")
}
_database = DATABASES["default"]
_database["CONN_MAX_AGE"] = None
_database["CONN_HEALTH_CHECKS"] = True
if _database["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE: a transaction that will write waits at its beginning instead of failing at its end.
    _database["OPTIONS"] = {
        "timeout": 10,
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            " PRAGMA cache_size=-20000; PRAGMA mmap_size=134217728;"
        ),
    }

CACHES = {"default": env.cache_url("CACHE_URL", default=f"filecache://{VAR_DIR / 'cache'}")}
if CACHES["default"]["BACKEND"].endswith("FileBasedCache"):
    # At 300, Django's default, a third is thrown away: whoever tries enough made-up names would
    # wipe out the count of wrong passwords.
    CACHES["default"].setdefault("OPTIONS", {}).setdefault("MAX_ENTRIES", 20_000)

# What must be done after a request waits here for `manage.py work`.
TASK_QUEUE = env.str("TASK_QUEUE", default="database")
WORK_THREADS = env.int("WORK_THREADS", default=4)
WORK_PICTURE_THREADS = env.int("WORK_PICTURE_THREADS", default=1)
TASKS = {
    "default": {
        "BACKEND": {
            "database": "django_tasks_db.DatabaseBackend",
            "immediate": "django_tasks.backends.immediate.ImmediateBackend",
            "redis": "django_tasks_rq.RQBackend",
        }.get(TASK_QUEUE, TASK_QUEUE),
        "QUEUES": ["default", "pictures"],
    }
}
if TASK_QUEUE == "redis":
    # RQ's own admin pages ask nobody for a permission; the desk shows the deliveries.
    RQ_SHOW_ADMIN_LINK = False
    RQ_QUEUES = {name: {"URL": env.str("QUEUE_URL")} for name in TASKS["default"]["QUEUES"]}
    INSTALLED_APPS += ["django_rq"]

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
# Nobody else's page loads our files.
WHITENOISE_ALLOW_ALL_ORIGINS = False
STATICFILES_DIRS = [BASE_DIR / "static"]
# Maps are for debuggers; compressing them takes longer than everything else together.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")

# --- Pictures: what readers get, and the originals, which nobody gets --------------------------

# Two folders, or two buckets on S3 or a server that speaks its protocol.
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
PRIVATE_ROOT = Path(env.str("PRIVATE_ROOT", default=str(VAR_DIR / "private")))
MEDIA_BUCKET = env.str("MEDIA_BUCKET", default="")
ORIGINALS_BUCKET = env.str("ORIGINALS_BUCKET", default="")
S3_ENDPOINT = env.str("S3_ENDPOINT", default="")
S3_REGION = env.str("S3_REGION", default="")
# Empty: botocore looks where it always looks, from AWS_ACCESS_KEY_ID to the role of the machine.
S3_ACCESS_KEY = env.str("S3_ACCESS_KEY", default="")
S3_SECRET_KEY = env.str("S3_SECRET_KEY", default="")
# A server of one's own seldom has a host name for each bucket.
S3_ADDRESSING = env.str("S3_ADDRESSING", default="path" if S3_ENDPOINT else "auto")
# Buckets may be named before they are used: `manage.py copy_media` fills them meanwhile.
MEDIA_STORAGE = env.str("MEDIA_STORAGE", default="s3" if MEDIA_BUCKET else "local")
STORAGES = {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    "default": {
        "BACKEND": "newsroom.storage.buckets.PublicBucket"
        if MEDIA_STORAGE == "s3"
        else "newsroom.storage.local.PublicFiles"
    },
    "originals": {
        "BACKEND": "newsroom.storage.buckets.PrivateBucket"
        if MEDIA_STORAGE == "s3"
        else "newsroom.storage.local.PrivateFiles"
    },
}
# Uploads: the largest picture that a desk accepts (bytes), and the largest form without files.
MAX_UPLOAD_BYTES = env.int("MAX_UPLOAD_BYTES", default=30 * 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# --- Language, time, mail, log ----------------------------------------------------------------

LANGUAGE_CODE = "en-us"
USE_I18N = True
# An address typed without its scheme is taken for https, as Django 6 will do by itself.
FORMS_URLFIELD_ASSUME_HTTPS = True
# Rows hold UTC. Pages and the desk show the publication's own time zone, set in the admin.
USE_TZ = True
TIME_ZONE = "UTC"

vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"newsroom@{_site.hostname}")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "newsroom.logs.JSONLines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    # At DEBUG it writes whole addresses, and a webhook's may be its password.
    "loggers": {"urllib3": {"level": "INFO"}},
}

# --- Calls to other machines ------------------------------------------------------------------

# What newsroom/outbound.py may call although it lies inside the house or is not on https, as
# host:port; and the proxy it goes through, for proxies from the environment are ignored.
OUTBOUND_ALLOW = env.list("OUTBOUND_ALLOW", default=[])
OUTBOUND_PROXY = env.str("OUTBOUND_PROXY", default="")

# Who is told that a story went public, changed or was withdrawn: WebSub hubs, IndexNow, webhooks.
WEBSUB_HUBS = env.list("WEBSUB_HUBS", default=[])
INDEXNOW_KEY = env.str("INDEXNOW_KEY", default="")
INDEXNOW_ENDPOINT = env.str("INDEXNOW_ENDPOINT", default="https://api.indexnow.org/indexnow")
WEBHOOK_URLS = env.list("WEBHOOK_URLS", default=[])
WEBHOOK_SECRET = env.str("WEBHOOK_SECRET", default="")

# --- People -----------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    # Nobody logs in by it: it knows who has which role in which section.
    "articles.permissions.SectionRoles",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
# Staff are made in the admin; nobody signs up.
ACCOUNT_ADAPTER = "newsroom.desk.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
# Wrong passwords: five for one user from one address, twenty for one user from anywhere. Thirty
# for one address whoever it tries, for a whole newsroom may sit behind it. In newsroom/desk.py.
LOGIN_LIMITS = {"user and address": "5/10m/key", "address": "30/10m/ip", "user": "20/10m/key"}
# 0: nobody's X-Forwarded-For is believed.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)

TAGGIT_CASE_INSENSITIVE = True
