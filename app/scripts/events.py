"""The events that may move a case: the one table that rules, pages and sweeps ask."""

from dataclasses import dataclass
from typing import Any

from app.core.i18n import lazy_gettext as _l
from app.core.i18n import lazy_pgettext as _lp
from app.models.scripts import RuleEvent, StatusKind
from app.scripts.kinds import KINDS


@dataclass(frozen=True, kw_only=True)
class EventKind:
    """What rules may follow, and what is known of a case when it happens."""

    code: RuleEvent
    title: Any
    """What happens, for people (lazy), as in "when …"."""
    short: Any
    """The same in a word or two, for the graph and the table."""
    is_offered: bool = False
    """Something in the product makes it happen. The others wait for their channel, and no rule may name them yet."""
    takes_minutes: bool = False
    """Its rules say after how many minutes."""
    by_itself: bool = False
    """It happens though nobody does anything, so its rules must not lead round in a circle."""
    by_agent: bool = False
    """An agent makes it happen, and owns the case then: a rule may make a promise of the owner's, but a case in which
    it is nobody's turn does not get on by it.
    """

    def may_leave(self, kind: StatusKind) -> bool:
        """Whether a rule may name a status of this kind among those that it leads from."""
        if kind is StatusKind.MERGED:
            return False
        # A postponement has a time of its own: it ends then, or when somebody ends it.
        return (kind is StatusKind.POSTPONED) is (self.code is RuleEvent.POSTPONEMENT_OVER)

    def leaves_any(self, kind: StatusKind) -> bool:
        """Whether "from any status" means this kind, too. Ended cases rest; those with a time of their own wait."""
        row = KINDS[kind]
        idle = self.code is RuleEvent.NO_ACTIVITY and row.dated
        return self.may_leave(kind) and not row.ends and not idle


_TABLE = (
    EventKind(
        code=RuleEvent.TAKEN,
        title=_l("an agent takes a case that nobody owns"),
        short=_lp("event", "taken"),
        is_offered=True,
        by_agent=True,
    ),
    EventKind(code=RuleEvent.REPLY_SENT, title=_l("a reply was sent"), short=_lp("event", "reply sent")),
    EventKind(
        code=RuleEvent.CUSTOMER_REPLIED, title=_l("the customer replied"), short=_lp("event", "customer replied")
    ),
    EventKind(
        code=RuleEvent.CONSULTATION_ASKED, title=_l("a department was asked"), short=_lp("event", "consultation asked")
    ),
    EventKind(
        code=RuleEvent.CONSULTATION_ANSWERED,
        title=_l("a department answered"),
        short=_lp("event", "consultation answered"),
    ),
    EventKind(
        code=RuleEvent.POSTPONEMENT_OVER,
        title=_l("the time of the postponement is over"),
        short=_lp("event", "postponement over"),
        is_offered=True,
        by_itself=True,
    ),
    EventKind(code=RuleEvent.CALL_ENDED, title=_l("a call ended with a result"), short=_lp("event", "call ended")),
    EventKind(
        code=RuleEvent.NO_ACTIVITY,
        title=_l("nobody did anything for a time"),
        short=_lp("event", "no activity"),
        is_offered=True,
        takes_minutes=True,
        by_itself=True,
    ),
)

EVENTS: dict[RuleEvent, EventKind] = {event.code: event for event in _TABLE}
