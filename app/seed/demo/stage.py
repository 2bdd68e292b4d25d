"""What a demo is made of, as JSON values that its work row keeps: after a crash the same is planned again."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from typing import Any

from app.models.scripts import DateMode, StatusKind
from app.scripts.kinds import KINDS, Kind
from app.seed.demo.words import stories
from app.seed.gallery import ready_campaign


@dataclass(frozen=True)
class Part:
    """One campaign of the demo."""

    name: str
    """Of the gallery."""
    id: int
    statuses: tuple[int, ...]
    """Ids, in the order of the gallery."""
    agents: tuple[int, ...]
    """Ids of the users who own its cases."""

    def kind(self, place: int) -> Kind:
        """The kind of the status in that place."""
        return KINDS[StatusKind(_statuses(self.name)[place]["kind"])]

    def takes_date(self, place: int) -> bool:
        """Whether the agent chooses the time of the status in that place."""
        mode = DateMode(_statuses(self.name)[place].get("date_mode", DateMode.AGENT))
        return self.kind(place).dated and mode is DateMode.AGENT


@dataclass(frozen=True)
class Stage:
    """The whole demo."""

    seed: int
    now: datetime
    """The 90 days end here."""
    language: str
    contacts: int
    cases: int
    first: int
    """So many cases are made before all others, most of them recent."""
    installer: int
    """Id of the user who made campaigns and contacts."""
    campaigns: tuple[Part, ...]

    @property
    def stories(self) -> Mapping[str, Any]:
        """What happens, by campaign."""
        return stories(self.language)

    def to_params(self) -> dict[str, Any]:
        """As JSON values."""
        return {**asdict(self), "now": self.now.isoformat()}

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> "Stage":
        """What `to_params` wrote."""
        parts = tuple(
            Part(each["name"], each["id"], tuple(each["statuses"]), tuple(each["agents"]))
            for each in params["campaigns"]
        )
        return cls(**{**params, "now": datetime.fromisoformat(params["now"]), "campaigns": parts})


@cache
def _statuses(name: str) -> list[Mapping[str, Any]]:
    told: list[Mapping[str, Any]] = ready_campaign(name, "en")["statuses"]
    return told
