"""When alerts fired and whether they ended, told from the samples of a stretch of time.

Time is cut into steps. A step in which an alert has no sample says that it ended only if the server
was at work in that step and the one before, and could scrape what the alert is about.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from connectors.prometheus.answers import Series
from connectors.prometheus.labels import Labels, fingerprint

Key = tuple[str, int]
"""Fingerprint, and since when it is active in seconds since 1970: one time that it fired."""


@dataclass(frozen=True, slots=True)
class Firing:
    """One time that an alert fired, as far as it was seen."""

    labels: Labels
    active_at: int
    last_at: int
    """End of the last step in which it fired."""
    resolved_at: int | None = None
    unscraped_until: int | None = None
    """End of the step in which it was gone because its target could not be scraped."""


@dataclass(frozen=True, slots=True)
class Watch:
    """When the server was at work, and what it could not scrape meanwhile."""

    beats: Sequence[int]
    """Ends of the steps in which it was, in order."""
    step: int
    unscraped: Sequence[tuple[Labels, Collection[int]]] = ()
    """Targets by all their labels, and jobs by `job` alone, with ends of steps."""

    @property
    def holes(self) -> Sequence[tuple[int, int]]:
        """The stretches between two beats in which it was not at work."""
        pairs = zip(self.beats, self.beats[1:], strict=False)
        return [(before, after) for before, after in pairs if after - before > self.step]

    def next_beat(self, at: int) -> int | None:
        """The first beat after a time."""
        place = bisect_right(self.beats, at)
        return self.beats[place] if place < len(self.beats) else None

    def could_scrape(self, labels: Labels, at: int) -> bool:
        """Whether anything was scraped of what an alert is about; also if it does not say what."""
        about = {name: labels[name] for name in ("job", "instance") if labels.get(name)}
        if not about:
            return True
        return not any(
            at in times and about.items() <= target.items()
            for target, times in self.unscraped
            if "instance" in about or target.keys() == about.keys()
        )


def firings(series: Iterable[Series]) -> Mapping[Key, Firing]:
    """The times that alerts fired: a new time of activation is another one."""
    found: dict[Key, Firing] = {}
    for each in series:
        digest = fingerprint(each.labels)
        for at, value in each.points:
            key = (digest, int(value))
            known = found.get(key)
            last_at = max(at, known.last_at) if known else at
            found[key] = Firing(each.labels, int(value), last_at)
    return found


def ended(found: Mapping[Key, Firing], watch: Watch) -> Mapping[Key, Firing]:
    """The same with their ends, where they can be told."""
    starts: dict[str, list[int]] = {}
    for digest, active_at in found:
        starts.setdefault(digest, []).append(active_at)
    return {
        key: _ended(firing, watch, [at for at in starts[key[0]] if at > firing.active_at])
        for key, firing in found.items()
    }


def _ended(firing: Firing, watch: Watch, later: Sequence[int]) -> Firing:
    gone_at = watch.next_beat(firing.last_at)
    if gone_at is None or gone_at - firing.last_at > watch.step:
        return firing
    if not watch.could_scrape(firing.labels, gone_at):
        return replace(firing, unscraped_until=gone_at)
    # Active anew within this step: then it had ended before.
    return replace(
        firing, resolved_at=min([gone_at, *(at for at in later if at > firing.active_at)])
    )
