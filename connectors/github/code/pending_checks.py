"""Merged pull requests whose checks had not ended when they were read.

GitHub takes the end of a check for no change of its pull request, so it is asked for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from connectors.answers.moment import moment, stamp
from connectors.answers.understanding import UNREADABLE
from connectors.github.code.check_rows import running
from connectors.interface import Json

_MOST = 50
_LONGEST = timedelta(days=15)
"""After the merge. GitHub itself gives up on a check that has not ended in 14 days; a status never.
https://docs.github.com/rest/guides/using-the-rest-api-to-interact-with-checks
"""


class PendingChecks:
    """Those to ask for again: the newest, each with what of it had not ended."""

    def __init__(self, told: Mapping[str, Json], now: datetime) -> None:
        """Goes on with those that `told` told."""
        self._known = dict(told)
        self._due = set(told)
        self._now = now

    @property
    def told(self) -> dict[str, Json]:
        """The same as JSON, by their ids at GitHub."""
        newest = sorted(self._known.items(), key=lambda item: item[1]["merged_at"], reverse=True)
        return dict(newest[:_MOST])

    @property
    def due(self) -> list[str]:
        """Ids of those that were not read since."""
        return [key for key in self.told if key in self._due]

    def note(self, requests: Iterable[Json]) -> None:
        """Takes note of pull requests as they were just read; the rows tell of strange ones."""
        for node in requests:
            with suppress(*UNREADABLE):
                self._known.pop(node["id"], None)
                self._due.discard(node["id"])
                if self._may_end(node["mergedAt"]) and (left := running(node)):
                    self._known[node["id"]] = _entry(node, left)

    def settle(self, requests: Iterable[Json]) -> bool:
        """Takes note of those that were asked for again; returns whether there is news."""
        found = {node.get("id"): node for node in requests}
        before, due = self.told, self.due
        self._known = dict(before)
        for key in due:
            left: Sequence[str] | None = []
            if key in found:
                left = None  # told to this token no more, or strange: then its rows say so
                with suppress(*UNREADABLE):
                    left = running(found[key])
            if left == [] or not self._may_end(before[key]["merged_at"]):
                del self._known[key]
            elif left is not None:
                self._known[key] = _entry(found[key], left)
        return self._known != before

    def _may_end(self, merged_at: str | None) -> bool:
        """Whether it was merged, and not so long ago that its checks have been given up."""
        return merged_at is not None and self._now - moment(merged_at) < _LONGEST


def _entry(node: Json, left: Iterable[str]) -> Json:
    digest = hashlib.sha256(json.dumps(left).encode()).hexdigest()[:16]
    return {"merged_at": stamp(node["mergedAt"]), "running": digest}
