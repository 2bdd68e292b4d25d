"""One table: event → what happens inside its transaction, and what after the commit."""

from collections.abc import Mapping

from app.core.announce import Event, Reactions

TABLE: Mapping[type[Event], Reactions] = {}
