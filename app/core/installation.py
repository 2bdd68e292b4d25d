"""Settings of the installation that this process serves."""

from flask import current_app

from app.core.config import Settings


def installation() -> Settings:
    """Where this installation lives and what its limits are."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings
