"""Where the stream `runs` goes on."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from connectors.interface import Json

OVERLAP_MS = 3_600_000
"""Ends are told by the clocks of those who train: so far they may lie apart."""
MOST_ENDED = 80
"""Runs of the overlap that are remembered; where there are more, it is shorter."""
MOST_NAMED = 30
"""Runs that are remembered by their ids: those that run, and those that were deleted."""
_BUCKETS = 64


@dataclass(frozen=True, slots=True)
class RunCursor:
    """What is read of the runs."""

    buckets: Mapping[str, str] = field(default_factory=dict)
    """Hash of the experiments in each bucket: where it changes, those are read from their start."""
    since_ms: int | None = None
    """Runs that ended then or later are asked for; null: all."""
    ended: Sequence[Sequence[Json]] = ()
    """End, in milliseconds, and mark of the last runs that ended."""
    running: Mapping[str, str] = field(default_factory=dict)
    """Id and mark of those that still ran."""
    deleted: Sequence[str] = ()
    """Ids of those behind a version that are deleted."""
    versions_at: int = 0
    """When the newest version was made whose run was looked for."""
    versions: Sequence[str] = ()
    """Runs of the versions that were made just then."""
    refused: Sequence[str] = ()
    """Experiments that may not be read."""
    experiments: Mapping[str, Json] | None = None
    """Those that were listed, as `StateFile` keeps them."""
    bookmark: Mapping[str, Json] | None = None
    """The page at which a reading broke off."""

    def cursor(self) -> dict[str, Any]:
        """As JSON."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def marks(self) -> set[str]:
        """Marks of the runs that are known as they are."""
        return {str(mark) for _, mark in self.ended} | set(self.running.values())

    def with_ended(self, more: Iterable[tuple[int, str]], now_ms: float | None) -> RunCursor:
        """After more runs were read.

        Args:
            more: end, in milliseconds, and mark of each; 0: it has not ended.
            now_ms: the time by the server's clock: what ends later has a clock that is wrong.
        """
        ended = {(int(end), str(mark)) for end, mark in self.ended}
        latest = math.inf if now_ms is None else now_ms
        ended |= {(end, mark) for end, mark in more if 0 < end <= latest}
        newest = sorted(ended)[-MOST_ENDED:]
        least = newest[-1][0] - OVERLAP_MS if newest else 0
        return replace(self, ended=[pair for pair in newest if pair[0] >= least])

    def finished(self, buckets: Mapping[str, str]) -> RunCursor:
        """After all lists were read."""
        since = None
        if self.ended:
            is_cut = len(self.ended) == MOST_ENDED
            overlap = int(self.ended[-1][0]) - OVERLAP_MS
            since = int(self.ended[0][0]) if is_cut else overlap
        return replace(self, buckets=buckets, since_ms=since, bookmark=None)


def mark_of(run: Json) -> str:
    """Changes when anything does that the server tells of a run."""
    text = json.dumps(run, sort_keys=True).encode()
    return hashlib.sha256(text).hexdigest()[:8]


def bucket_of(experiment: str) -> str:
    """The bucket of an experiment."""
    return str(int(hashlib.sha256(experiment.encode()).hexdigest()[:4], 16) % _BUCKETS)


def buckets_of(experiments: Collection[str]) -> dict[str, str]:
    """The hash of each bucket that has experiments."""
    inside: dict[str, list[str]] = {}
    for experiment in sorted(experiments):
        inside.setdefault(bucket_of(experiment), []).append(experiment)
    return {
        bucket: hashlib.sha256(" ".join(ids).encode()).hexdigest()[:6]
        for bucket, ids in inside.items()
    }
