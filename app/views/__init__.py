"""The doors for people: pages on Flask-AppBuilder, and the REST API. A door loads, authorises, calls a verb, answers."""

from flask import Flask
from flask_appbuilder import AppBuilder

from app.core.db import db
from app.views.health import health
from app.views.security import SplotSecurityManager


def register(app: Flask) -> AppBuilder:
    """Put every page on the application."""
    app.register_blueprint(health)
    with app.app_context():
        return AppBuilder(
            app, db.session, security_manager_class=SplotSecurityManager, base_template="appbuilder/baselayout.html"
        )
