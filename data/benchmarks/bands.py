"""Places a measured value in a benchmark edition without inventing what was not published."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from data.benchmarks.schema import (
    Benchmark,
    BenchmarkError,
    Evidence,
    Kind,
    Level,
    Metric,
    Stated,
    editions,
    load,
)

__all__ = ["Band", "Benchmark", "BenchmarkError", "Kind", "Metric", "classify", "editions", "load"]

_READ_AS = {  # from the firmest to the least firm; a tooltip tells the last that applies
    Evidence.FACSIMILE: "Read from an image of the published page.",
    Evidence.CORROBORATED: "Read in accounts of the publication that agree.",
    Evidence.SINGLE_ACCOUNT: "Read in one account of the publication, not in the publication.",
}


@dataclass(frozen=True, slots=True)
class Band:
    """What one edition says of one value.

    Attributes:
        edition: id of the benchmark.
        label: a few words for a badge: a cluster, several, the hole between two, a share, a score.
        kind: how the edition speaks.
        rank: 0 for the best, counted in the published order; None where the edition does not
            put the value in exactly one place, or does not order its places on this metric.
        description: sentences for a tooltip, with the published wording.
        score: 0 to 10, on a scale only.
        ahead_of: fraction of respondents whose answer was worse, in a distribution only; None
            where a share that it needs could not be verified.
    """

    edition: str
    label: str
    kind: Kind
    rank: int | None
    description: str
    score: float | None = None
    ahead_of: float | None = None


def classify(benchmark: Benchmark, metric_id: str, value: float | None) -> Band | None:
    """Places a value in an edition.

    Clusters (`centroids`): the value belongs to every cluster whose published range holds it, so
    the label may name several ("medium or low"). Where no range holds it, the label says between
    which clusters it lies, or that it is better or worse than all of them. Where a cluster with
    the better name has the worse value (2024, change fail rate), there is no rank.

    Distributions: the share of respondents whose answer was worse. Those who gave the same answer
    cannot be told apart, so a value is ahead of at least that share.

    Scales: the score of the answer that holds the value, or, between two published points, the
    score on the straight line between them.

    Thresholds: exactly one band.

    Args:
        benchmark: the edition.
        metric_id: id of the metric; its unit is deployments per day, seconds, or a fraction.
        value: the measured value.

    Returns:
        The band, or None if there is no value, it is not a number from 0 up, or the edition says
        nothing about the metric (`deployment_days`, or rework before 2025).
    """
    if value is None or math.isnan(value) or value < 0 or metric_id not in set(Metric):
        return None
    metric = Metric(metric_id)
    levels = benchmark.metrics.get(metric)
    if levels is None:
        return None
    match benchmark.kind:
        case Kind.CENTROIDS:
            return _among_clusters(benchmark, metric, levels, value)
        case Kind.DISTRIBUTION:
            return _in_distribution(benchmark, levels, value)
        case Kind.SCALE:
            return _on_scale(benchmark, metric, levels, value)
        case Kind.THRESHOLDS:
            return _within_thresholds(benchmark, levels, value)


def _among_clusters(
    benchmark: Benchmark, metric: Metric, levels: Sequence[Level], value: float
) -> Band:
    held = [level for level in levels if level.holds(value)]
    better, worse = _neighbours(metric, levels, value)
    if held:
        label = _either(held)
    elif better and worse:
        label = " and ".join("/".join(one.name for one in side) for side in (better, worse))
        label = f"between {label}"
    else:
        label = f"worse than {_either(better)}" if better else f"better than {_either(worse)}"
    inverted = [
        f"Here {first.name} ({first.says}) is worse than {second.name} ({second.says})."
        for first, second in combinations(levels, 2)
        if _is_better(metric, second, first)
    ]
    published = ", ".join(f"{level.name} “{level.says}”" for level in levels)
    return Band(
        edition=benchmark.id,
        label=label,
        kind=benchmark.kind,
        rank=levels.index(held[0]) if len(held) == 1 and not inverted else None,
        description=_sentences(
            f"{benchmark.title}: {published}.",
            *inverted,
            "Clusters describe groups of respondents on all metrics together, not limits.",
            _evidence(levels),
        ),
    )


def _in_distribution(benchmark: Benchmark, levels: Sequence[Level], value: float) -> Band:
    rank = _place(levels, value)
    own, worse = levels[rank], levels[rank + 1 :]
    shares = [level.share.value for level in worse if level.share is not None]
    known = [share for share in shares if share is not None]
    ahead_of = round(math.fsum(known), 6) if len(known) == len(worse) else None
    share = own.share.value if own.share is not None else None
    return Band(
        edition=benchmark.id,
        label=own.name if ahead_of is None else f"ahead of {_percent(ahead_of)}",
        kind=benchmark.kind,
        rank=rank,
        description=_sentences(
            f"{benchmark.title}: “{own.says}” was the answer of "
            f"{'an unverified share' if share is None else _percent(share)} of respondents.",
            "What share answered worse could not be verified."
            if ahead_of is None
            else f"At least {_percent(ahead_of)} answered worse.",
            _evidence([level.share for level in (own, *worse) if level.share is not None]),
        ),
        ahead_of=ahead_of,
    )


def _on_scale(benchmark: Benchmark, metric: Metric, levels: Sequence[Level], value: float) -> Band:
    score = _score(metric, levels, value)
    held = [f"“{level.says}”." for level in levels if level.holds(value)]
    means = [mean for mean in benchmark.means if mean.metric is metric]
    latest = max(means, key=lambda mean: mean.edition, default=None)
    return Band(
        edition=benchmark.id,
        label=f"{score:.1f} of 10",
        kind=benchmark.kind,
        rank=None,
        description=_sentences(
            f"{benchmark.title}: {score:.1f} of 10.",
            *held,
            ""
            if latest is None
            else f"All respondents of {latest.edition}: mean {latest.score:.1f}, "
            f"standard deviation {latest.spread:.1f}.",
        ),
        score=score,
    )


def _within_thresholds(benchmark: Benchmark, levels: Sequence[Level], value: float) -> Band:
    rank = _place(levels, value)
    level = levels[rank]
    return Band(
        edition=benchmark.id,
        label=level.name,
        kind=benchmark.kind,
        rank=rank,
        description=_sentences(f"{benchmark.title}: {level.says}.", level.rationale or ""),
    )


def _place(levels: Sequence[Level], value: float) -> int:
    return next(rank for rank, level in enumerate(levels) if level.holds(value))


def _score(metric: Metric, levels: Sequence[Level], value: float) -> float:
    held = [level for level in levels if level.holds(value)]
    better, worse = _neighbours(metric, levels, value)
    if held or not (better and worse):
        return _points([*held, *better, *worse][0])
    best, worst = better[0], worse[0]  # points: their low is their high
    way = (value - best.low) / (worst.low - best.low)
    return _points(best) + way * (_points(worst) - _points(best))


def _points(level: Level) -> float:
    return 0.0 if level.score is None else level.score


def _neighbours(
    metric: Metric, levels: Sequence[Level], value: float
) -> tuple[list[Level], list[Level]]:
    """The levels next to the value that do not hold it: on the better and on the worse side."""
    under = [level for level in levels if level.high <= value and not level.holds(value)]
    over = [level for level in levels if level.low >= value and not level.holds(value)]
    top = max((level.high for level in under), default=0.0)
    bottom = min((level.low for level in over), default=math.inf)
    under = [level for level in under if level.high == top]
    over = [level for level in over if level.low == bottom]
    return (over, under) if metric.is_higher_better else (under, over)


def _is_better(metric: Metric, one: Level, other: Level) -> bool:
    return one.low >= other.high if metric.is_higher_better else one.high <= other.low


def _either(levels: Sequence[Level]) -> str:
    *first, last = [level.name for level in levels]
    return f"{', '.join(first)} or {last}" if first else last


def _evidence(stated: Sequence[Stated]) -> str:
    seen = {one.evidence for one in stated}
    return next((_READ_AS[way] for way in reversed(_READ_AS) if way in seen), "")


def _percent(fraction: float) -> str:
    return f"{100 * fraction:.1f} %"


def _sentences(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
