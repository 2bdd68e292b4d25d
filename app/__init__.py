"""Splot: a contact-centre CRM that people configure in the browser. `create_app()` wires it."""

import logging
import os

from flask import Flask
from flask_compress import Compress
from werkzeug.middleware.proxy_fix import ProxyFix

from app.core.config import Settings, settings_from

DATABASE_OPTIONS = "-c random_page_cost=1.1 -c jit=off -c max_parallel_workers_per_gather=0"
"""What the planner should know: the disk is no spinning one, and many short pages matter more than one long query."""


def create_app(settings: Settings | None = None) -> Flask:
    """The application. The only place where things are wired; importing a module does nothing."""
    from app import reactions, views  # noqa: PLC0415  (importing `app` alone, as the command line does, stays fast)
    from app.core import announce, db  # noqa: PLC0415
    from app.jobs import work  # noqa: PLC0415
    from app.seed.demo import filling  # noqa: PLC0415

    settings = settings or settings_from(os.environ)
    app = Flask("app")
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]
    app.config.from_mapping(flask_config(settings))
    db.db.init_app(app)
    Compress(app)
    # It warns of every array column; lists of ours filter them, or do not offer it.
    logging.getLogger("flask_appbuilder.models.filters").setLevel(logging.ERROR)
    announce.bind(reactions.TABLE)
    work.RUNNERS[filling.KIND] = filling.run_fill
    views.register(app)
    return app


def flask_config(settings: Settings) -> dict[str, object]:
    """What Flask and its extensions read, made from our settings; insecure defaults are closed here."""
    return {
        "SETTINGS": settings,
        "TESTING": settings.testing,
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_size": 5,
            "max_overflow": 15,
            "pool_pre_ping": True,
            "pool_timeout": 10,
            "connect_args": {"options": DATABASE_OPTIONS},
        },
        "REDIS_URL": settings.redis_url,
        "MAX_CONTENT_LENGTH": settings.import_limit,
        "MAX_FORM_MEMORY_SIZE": 2 * 2**20,
        "SESSION_COOKIE_NAME": "splot",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.https,
        "PERMANENT_SESSION_LIFETIME": 12 * 3600,
        "WTF_CSRF_TIME_LIMIT": None,
        # Our own check exempts requests that carry an Authorization header: they have no cookie to abuse.
        "WTF_CSRF_CHECK_DEFAULT": False,
        "BABEL_DEFAULT_LOCALE": "pl",
        "BABEL_DEFAULT_TIMEZONE": "Europe/Warsaw",
        "BABEL_DEFAULT_FOLDER": "translations",
        "LANGUAGES": {"pl": {"flag": "pl", "name": "Polski"}, "en": {"flag": "gb", "name": "English"}},
        "APP_NAME": "Splot",
        "FAB_CREATE_DB": False,
        # Permissions and roles are written by `app/seed/base.py`, not by every process that starts.
        "FAB_UPDATE_PERMS": False,
        "FAB_ADD_OPENAPI_VIEWS": False,
        "FAB_API_SWAGGER_UI": False,
        "AUTH_TYPE": 1,
        "AUTH_ROLE_ADMIN": "admin",
        "AUTH_ROLE_PUBLIC": "public",
        "AUTH_USER_REGISTRATION": False,
        # The limits stand in app/views/signing_in.py: Flask-AppBuilder's own does not cover its JWT log-in.
        "AUTH_RATE_LIMITED": False,
        "RATELIMIT_ENABLED": True,
        # Without Redis each process counts by itself, and says so in the log: less exact, never open.
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
        "RATELIMIT_STORAGE_OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},
        "RATELIMIT_STORAGE_URI": settings.redis_url.replace("unix://", "redis+unix://", 1),
        "JWT_ACCESS_TOKEN_EXPIRES": 900,
        "COMPRESS_ALGORITHM": ["gzip"],
        "COMPRESS_LEVEL": 5,
        "COMPRESS_MIMETYPES": ["text/html", "application/json", "text/css", "application/javascript"],
    }
