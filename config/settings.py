"""All settings. Every environment variable is read here and in queue_settings.py; README.md has the table."""

import os
from pathlib import Path
from urllib.parse import quote

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from config import environment as env
from config import logs, payments, queue_settings
from config.api import documentation, framework

BASE_DIR = Path(__file__).resolve().parent.parent

# --- where state lives ---------------------------------------------------------------------------------------
DATA_DIR = Path(env.text("COPYDESK_DATA", "var"))
if not DATA_DIR.is_absolute():
    DATA_DIR = BASE_DIR / DATA_DIR
DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)

DEBUG = env.boolean("DEBUG", False)
SECRET_KEY = env.text("SECRET_KEY") or env.generated_secret(DATA_DIR / "secret_key")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
PUBLIC_URL = env.url("PUBLIC_URL", "http://127.0.0.1:8000", ("http", "https")).rstrip("/")
LIVE_URL = env.url("LIVE_URL", "", ("http", "https")).rstrip("/")  # where config/asgi.py is served; empty = PUBLIC_URL
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))
DEBUG_SCORING = env.boolean("DEBUG_SCORING", False)  # log the words behind a story's scores, never its text

INSTALLED_APPS = [
    "django.forms",  # its templates, for the widgets that ours replace
    "config.admin_config.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_celery_results",
    "config",
    "queues",
    "aiproviders",
    "content.articles",
    "content.stories",
    "content.blog",
    "content.recommendations",
    "orders",
]

MIDDLEWARE = [
    "config.middleware.SecurityHeaders",
    "config.middleware.DatabaseAway",
    "config.middleware.BodyLimit",
    "config.api.queries.CleanAddresses",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.page_limits.PageLimits",
    "config.api.idempotency.IdempotencyKeys",  # the last one: it calls the view
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False  # every path is declared to work with and without a trailing slash

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
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
            ]
        },
    }
]

# --- database ------------------------------------------------------------------------------------------------
_database = queue_settings.SUPABASE_DATABASE or env.text("DATABASE_URL") or f"sqlite:///{DATA_DIR}/db.sqlite3"
try:
    DATABASES = {"default": dj_database_url.parse(_database)}
except ValueError as error:
    raise ImproperlyConfigured(f"DATABASE_URL cannot be read: {error}") from None
DATABASE_POOL = env.integer("DATABASE_POOL", 10, minimum=1)
DATABASE_WAIT = env.integer("DATABASE_WAIT", 10, minimum=1)  # seconds
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE: a transaction that will write takes the lock at once; upgrading later fails under concurrency.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
elif DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # A database whose machine vanishes without a word is noticed after 25 s. TCP alone would wait for hours, and with
    # it every heartbeat and dispatcher that was just asking.
    patience = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 25_000}
    DATABASES["default"]["OPTIONS"] = patience | DATABASES["default"].get("OPTIONS", {})
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 1,
        "max_size": DATABASE_POOL,
        "timeout": DATABASE_WAIT,
        # It doubles its pauses between tries to connect: after 40 s of outage it was 17 s late, so it is again 1.
        "reconnect_timeout": 2,
    }
else:
    raise ImproperlyConfigured("DATABASE_URL must be a postgres:// or sqlite:/// address.")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Redis ---------------------------------------------------------------------------------------------------
_redis_password = env.text("REDIS_PASSWORD")
REDIS_URL = env.url(
    "REDIS_URL",
    f"redis://{':' + quote(_redis_password, safe='') + '@' if _redis_password else ''}"
    f"{env.text('REDIS_HOST', 'localhost')}:{env.integer('REDIS_PORT', 6379, minimum=1)}/0",
    ("redis", "rediss", "unix"),
)
queue_settings.check_redis(bool(env.text("REDIS_URL") or env.text("REDIS_HOST")))

# --- queues --------------------------------------------------------------------------------------------------
QUEUES = queue_settings.QUEUES
QUEUE_DEFAULTS = queue_settings.DEFAULTS
RECURRING_JOBS = queue_settings.RECURRING_JOBS
JOB_COST = "aiproviders.selectors.spend"  # given ids of jobs, it knows their `cost` in US dollars; "" = nobody knows
WORKER_THREADS = env.integer("WORKER_THREADS", 50, minimum=1)
WORKER_GRACE_SECONDS = env.integer("WORKER_GRACE_SECONDS", 5)

# --- Celery: executes attempts; docs/engine.md says why each line is as it is ----------------------------------
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": "copydesk:",
    "ack_emulation": False,  # Redis keeps no list of what is unacknowledged: the ledger knows, and rescues in seconds
    "priority_steps": [0],  # the dispatcher orders; ten lists per queue would only make every BRPOP ten times longer
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
    "socket_keepalive": True,
    "health_check_interval": 10,  # seconds; also how long a worker bears a silent Redis (queues/worker.py)
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_DISABLE_PREFETCH = True  # early ack or not, it fetches no message for which it has no free thread
CELERY_WORKER_POOL = "config.pool:TaskPool"  # threads
CELERY_WORKER_CONCURRENCY = WORKER_THREADS
CELERY_WORKER_SEND_TASK_EVENTS = False  # Flower switches them on while it runs; they cost 1 ms per job
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_TRACK_STARTED = False  # a second write per attempt; the ledger knows
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_DEFAULT_QUEUE = "default"
# Ends that are known and named: one line in the log, no traceback. The ledger and the job's page have the rest.
CELERY_TASK_ANNOTATIONS = {"*": {"throws": (logs.NamedEnd,)}}
CELERY_TASK_QUEUES = {name: {} for name in QUEUES}
CELERY_TASK_STORE_ERRORS_EVEN_IF_IGNORED = True  # job tasks store no other result: the ledger has it (queues/kinds.py)
CELERY_RESULT_BACKEND = "django-db"
CELERY_RESULT_EXTENDED = True
CELERY_RESULT_EXPIRES = 7 * 86400
CELERY_TIMEZONE = "UTC"
# One entry for all RECURRING_JOBS; what is due is decided by the database's clock. It has the name of Celery's own
# clean-up, which queues.prune replaces: that one deletes all results in one transaction.
CELERY_BEAT_SCHEDULE = {"celery.backend_cleanup": {"task": "queues.enqueue_recurring", "schedule": 30}}

# --- language models -----------------------------------------------------------------------------------------
# The house's keys: read here once, so that no SDK looks for them by itself.
OPENAI_API_KEY = env.text("OPENAI_API_KEY")
ANTHROPIC_API_KEY = env.text("ANTHROPIC_API_KEY")
GEMINI_API_KEY = env.text("GEMINI_API_KEY")
GROQ_API_KEY = env.text("GROQ_API_KEY")
GROK_API_KEY = env.text("GROK_API_KEY")
AI_HOUSE_KEYS_FOR = env.choice("AI_HOUSE_KEYS_FOR", "everyone", ("everyone", "staff", "nobody"))
# Seal the keys in the database; never derived from SECRET_KEY, which leaks and rotates for other reasons.
AI_KEY_ENCRYPTION_KEYS = env.encryption_keys("AI_KEY_ENCRYPTION_KEYS", DATA_DIR / "ai_key_encryption_key")
OPENAI_BASE_URL = env.url("OPENAI_BASE_URL", "https://api.openai.com/v1", ("http", "https"))
ANTHROPIC_BASE_URL = env.url("ANTHROPIC_BASE_URL", "https://api.anthropic.com", ("http", "https"))
GEMINI_BASE_URL = env.url("GEMINI_BASE_URL", "https://generativelanguage.googleapis.com", ("http", "https"))
GROQ_BASE_URL = env.url("GROQ_BASE_URL", "https://api.groq.com/openai/v1", ("http", "https"))
GROK_BASE_URL = env.url("GROK_BASE_URL", "https://api.x.ai/v1", ("http", "https"))
OPENAI_COMPATIBLE = env.words("OPENAI_COMPATIBLE")  # name=url;flag;flag: aiproviders/compatible.py
LOCAL_LLM_URL = env.url("LOCAL_LLM_URL", "", ("http", "https"))  # set by `manage.py up`
LOCAL_LLM_KEY = env.text("LOCAL_LLM_KEY")
LOCAL_MODEL_PATH = env.text("LOCAL_MODEL_PATH")
AI_MODEL = env.text("AI_MODEL")  # "provider/model"; empty = by the first house key, else built-in, else extract
AI_DEADLINE_SECONDS = env.integer("AI_DEADLINE_SECONDS", 120, minimum=1)
AI_FALLBACKS = env.words("AI_FALLBACKS")  # "provider/model", asked in this order after a user's own
AI_FALLBACK_AFTER_REFUSAL = env.boolean("AI_FALLBACK_AFTER_REFUSAL", False)
AI_DAILY_LIMIT = env.dollars("AI_DAILY_LIMIT")  # for all that is paid with the house's keys; None: no limit
AI_RATE_LIMITS = env.rates("AI_RATE_LIMITS")  # provider -> (requests, tokens) per minute and key; 0: no limit

# --- films (blog) ---------------------------------------------------------------------------------------------
TMDB_API_KEY = env.text("TMDB_API_KEY")  # without it posts are about the built-in films
TMDB_BASE_URL = env.url("TMDB_BASE_URL", "https://api.themoviedb.org/3", ("http", "https"))
# --- market data -----------------------------------------------------------------------------------------------
FINNHUB_API_KEY = env.text("FINNHUB_API_KEY")
TWELVE_DATA_API_KEY = env.text("TWELVE_DATA_API_KEY")
ALPHA_VANTAGE_API_KEY = env.text("ALPHA_VANTAGE_API_KEY")
FINNHUB_BASE_URL = env.url("FINNHUB_BASE_URL", "https://finnhub.io/api/v1", ("http", "https"))
TWELVE_DATA_BASE_URL = env.url("TWELVE_DATA_BASE_URL", "https://api.twelvedata.com", ("http", "https"))
ALPHA_VANTAGE_BASE_URL = env.url("ALPHA_VANTAGE_BASE_URL", "https://www.alphavantage.co", ("http", "https"))
RESULTS_TTL = env.integer("RESULTS_TTL", 86400, minimum=60)  # seconds that recommendations are kept
MARKET_LIMITS = env.rates(  # source -> (requests per minute, per UTC day) of one key; 0: no limit; as their free plans
    "MARKET_LIMITS",
    {"finnhub": (60, 0), "twelvedata": (8, 800), "alphavantage": (5, 25)},
    "finnhub=60/0 (requests per minute/per day, of finnhub, twelvedata or alphavantage)",
)

# --- payments ------------------------------------------------------------------------------------------------
PAYMENTS = env.choice("PAYMENTS", "sandbox", ("sandbox", "stripe"))
STRIPE_SECRET_KEY = env.text("STRIPE_SECRET_KEY")
STRIPE_API_BASE = env.url("STRIPE_API_BASE", "https://api.stripe.com", ("http", "https")).rstrip("/")
STRIPE_WEBHOOK_SECRETS = env.words("STRIPE_WEBHOOK_SECRETS")
payments.check(
    payments=PAYMENTS,
    key=STRIPE_SECRET_KEY,
    secrets=STRIPE_WEBHOOK_SECRETS,
    api_base=STRIPE_API_BASE,
    public_url=PUBLIC_URL,
)
STRIPE_WEBHOOK_SECRETS = STRIPE_WEBHOOK_SECRETS or ["whsec_" + env.generated_secret(DATA_DIR / "webhook_secret")]
WITHDRAWAL_DAYS = env.integer("WITHDRAWAL_DAYS", 14)  # in which a customer may withdraw from a paid order; 0: never
REFUND_LIMIT = env.integer("REFUND_LIMIT", 0)  # smallest units of one payment that staff may send back; 0: all of it
REFUND_GRACE = env.integer("REFUND_GRACE", 0)  # seconds that staff have to put a failed order back in line

# --- mail ----------------------------------------------------------------------------------------------------
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.integer("EMAIL_PORT", 587, minimum=1)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.boolean("EMAIL_USE_TLS", True)
EMAIL_TIMEOUT = 10
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Copydesk <orders@copydesk.example>")
REPLY_TO_EMAIL = env.text("REPLY_TO_EMAIL")  # where answers of customers are read; empty: DEFAULT_FROM_EMAIL
ALERT_EMAILS = env.words("ALERT_EMAILS")  # staff who are told of failed jobs, new reviews, orders that need them

# --- web -----------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_USE_FINDERS = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
LOGIN_URL = "admin:login"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.boolean("BEHIND_PROXY", False) else None
FEED_NETWORKS = env.networks("FEED_NETWORKS")  # private ones that feeds may be fetched from
WEBHOOK_NETWORKS = env.networks("WEBHOOK_NETWORKS")  # private ones that webhooks may be sent to, and by http
METRICS_TOKEN = env.text("METRICS_TOKEN")  # opens /metrics to others than this machine
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-gb"
FORMAT_MODULE_PATH = "config.formats"
USE_I18N = False

REST_FRAMEWORK = framework.SETTINGS
# Requests a minute of one caller, by the `throttle_scope` of the view; "lookup": of one address without credentials.
API_LIMITS = env.limits("API_LIMITS", {"read": 600, "write": 120, "generate": 30, "recommendations": 10, "lookup": 240})
SPECTACULAR_SETTINGS = documentation.SETTINGS
LOGGING = logs.settings(LOG_LEVEL)
os.environ.setdefault("FLOWER_UNAUTHENTICATED_API", "false")
