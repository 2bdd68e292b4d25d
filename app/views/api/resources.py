"""Every module with endpoints; importing it fills the table."""

from app.views.api import described, forms, me, scripts

__all__ = ["described", "forms", "me", "scripts"]
