"""What parts of costs are called on pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.components.cost.buckets import LOOKS, title_of
from data.costs.allocation.bucket import Bucket
from data.costs.views.told import By, Part

_BUCKETS = {bucket.value for bucket in LOOKS}
_UNSAID = {
    By.ACTIVITY: "not declared",
    By.CATEGORY: "no category",
    By.PROVIDER: "no provider",
    By.SERVICE: "no service",
}


@dataclass(frozen=True, slots=True)
class Names:
    """Names of the parts of one kind."""

    by: By
    titles: Mapping[str, str] = field(default_factory=dict)
    """Of teams."""

    def of(self, part: str) -> str:
        """What a part is called, by its id; what nobody has by its bucket."""
        if part in self.titles:
            return self.titles[part]
        if self.by in (By.TEAM, By.BUCKET) and part in _BUCKETS:
            return title_of(Bucket(part).value)
        return part or _UNSAID.get(self.by, "nobody")

    def of_part(self, part: Part) -> str:
        """What a part is called."""
        return self.of(part.name or part.nobody or "")
