"""Sign-in and permissions on Flask-AppBuilder, with our user and our one question a request."""

from flask_appbuilder.security.sqla.manager import SecurityManager

from app.models import AppUser


class SplotSecurityManager(SecurityManager):
    """Flask-AppBuilder's security on our user table."""

    user_model = AppUser
