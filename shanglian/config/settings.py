"""The one settings file. Everything that differs between installations comes from the environment.

Every variable read here is described in docs/operations.md (a test compares the two).
"""

import os
from pathlib import Path
from typing import Any

from shanglian.common.logging import logging_config
from shanglian.runtime.home import database_settings, secret_key

BASE_DIR = Path(__file__).resolve().parent.parent


def env_bool(name: str, default: bool) -> bool:
    return os.environ.get(name, str(default)).strip().lower() in {"1", "true", "yes", "on"}


HOME = Path(os.environ.get("SHANGLIAN_HOME", "var")).resolve()
PUBLIC_URL = os.environ.get("SHANGLIAN_URL", "http://127.0.0.1:8000").rstrip("/")
DEBUG = env_bool("SHANGLIAN_DEBUG", False)
SECRET_KEY = secret_key(HOME)

_https = PUBLIC_URL.startswith("https://")
_host = PUBLIC_URL.split("://", 1)[-1].split("/", 1)[0].rsplit(":", 1)[0]
ALLOWED_HOSTS = sorted({_host, "127.0.0.1", "localhost", "[::1]"})
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if _https else []
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SESSION_COOKIE_NAME = "shanglian_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "shanglian.common.errors.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "shanglian.config",
    "shanglian.demo",
    "shanglian.reports",
    "shanglian.plans",
    "shanglian.structure",
    "shanglian.members",
    "shanglian.imports",
    "shanglian.directory",
    "shanglian.archive",
    "shanglian.runtime",
    "shanglian.common",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django_htmx",
    "template_partials",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
]

MIDDLEWARE = [
    "shanglian.common.middleware.request_id",
    "shanglian.common.middleware.security_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "shanglian.common.middleware.size_limit",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "shanglian.directory.middleware.api_door",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "shanglian.directory.middleware.first_password",
    "shanglian.directory.middleware.one_look",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "shanglian.config.urls"
WSGI_APPLICATION = "shanglian.config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "shanglian.reports.context.shell",
            ],
            "builtins": ["shanglian.common.templatetags.ui"],
        },
    }
]

DATABASES = {"default": database_settings(HOME, os.environ)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "directory.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "shanglian.directory.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = False  # attempts are counted in the database, see directory/actions.py
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "shanglian_language"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DOCUMENT_ROOT = HOME / "documents"
UPLOAD_ROOT = HOME / "uploads"  # files that are arriving in pieces
POLICY_DIRS = [HOME / "policies", BASE_DIR / "policies"]  # the first that has a file wins
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None
IMPORT_MAX_BYTES = 50 * 1024 * 1024
# How much of a batch is in memory: rows of a page, pages that are never packed, rows that one statement is about.
IMPORT_PAGE_ROWS, IMPORT_PAGES_KEPT, IMPORT_ROWS_AT_ONCE = 1000, 25, 10_000
REQUEST_MAX_BYTES = 2 * IMPORT_MAX_BYTES  # of one request, its files included

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
FORM_RENDERER = "shanglian.common.forms.Renderer"

# What a lower room must find in a higher one is named here, never imported upward.
IMPORT_KINDS = {
    "roster": "shanglian.members.sheets.ROSTER",
    "organisations": "shanglian.structure.sheets.organisations.ORGANISATIONS",
    "posts": "shanglian.structure.sheets.posts.POSTS",
}
WAITING = [
    "shanglian.imports.waiting.WAITING",
    "shanglian.structure.waiting.WAITING",
    "shanglian.structure.waiting.ENDING",
    "shanglian.plans.waiting.WAITING",
]
NOTICES = [
    "shanglian.directory.notices.NOTICES",
    "shanglian.imports.notices.NOTICES",
    "shanglian.members.notices.NOTICES",
]
POLICY_READERS = [
    "shanglian.directory.policies.policy_readers",
    "shanglian.members.reading.policy_readers",
    "shanglian.structure.policies.policy_readers",
    "shanglian.plans.queries.policy_readers",
]
MEASURES = ["shanglian.members.measures.measures", "shanglian.directory.measures.MEASURES"]

# What a worker loads when it starts, so that no job waits for it: the kinds of import with their tables of pinyin.
PROCRASTINATE_IMPORT_PATHS = ["shanglian.imports.tasks", *(kind.rpartition(".")[0] for kind in IMPORT_KINDS.values())]
LOGGING = logging_config(debug=DEBUG)
SILENCED_SYSTEM_CHECKS: list[str] = []
