"""Two questions of a load balancer or a supervisor, answered without a log-in."""

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from redis import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.core.db import session
from app.core.queue import redis_client

health = Blueprint("health", __name__)


@health.get("/healthz")
def healthz() -> ResponseReturnValue:
    """This process answers."""
    return {"status": "ok"}


@health.get("/readyz")
def readyz() -> ResponseReturnValue:
    """This process can do its work: the tables are there, and Redis answers. 503 names what does not."""
    parts = {"database": _database(), "redis": _redis()}
    ready = all(parts.values())
    return {"status": "ready" if ready else "unavailable", **parts}, 200 if ready else 503


def _database() -> bool:
    try:
        return bool(session.scalar(text("SELECT count(*) FROM alembic_version")))
    except SQLAlchemyError as error:
        current_app.logger.warning("not ready: %s", error)
        return False


def _redis() -> bool:
    try:
        return bool(redis_client().ping())
    except RedisError as error:
        current_app.logger.warning("not ready: %s", error)
        return False
