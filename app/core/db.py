"""The database session, and the only place that commits.

A door (a view, a job, a socket handler) wraps one verb in `transaction()`. The verb checks, changes,
records and announces; it never commits, so that what belongs together is saved together.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from flask_appbuilder import Model
from flask_appbuilder.models.sqla.base import SQLA
from sqlalchemy import MetaData

from app.core import announce

# Names of constraints must be the same on every installation, or a later migration cannot drop them.
Model.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

db = SQLA(model_class=Model)
session = db.session
metadata: MetaData = Model.metadata


def commit() -> None:
    """Make the transaction durable, then run what waits for the commit. Only doors call this."""
    try:
        session.commit()
    except BaseException:
        rollback()
        raise
    announce.after_commit()


def rollback() -> None:
    """Undo the transaction and forget what it announced."""
    session.rollback()
    announce.forget()


@contextmanager
def transaction() -> Iterator[None]:
    """Commit when the block ends well, undo everything when it does not."""
    try:
        yield
    except BaseException:
        rollback()
        raise
    commit()
