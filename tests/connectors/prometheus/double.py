"""A Prometheus that answers what the connector asks, from samples kept in memory.

It evaluates the few forms of queries that are asked, as version 2.42 was seen to; what both answer
of one past is compared in `test_double.py`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

from tests.connectors.loopback import Answer, Asked, Said
from tests.servers.prometheus import Sample

LabelSet = tuple[tuple[str, str], ...]
Vector = Mapping[LabelSet, float]

_LOOK_BACK_SECONDS = 300
_RANGE = re.compile(r"\[(\d+)s\]")
_AWAKE = re.compile(r"\(\n(\w+)\n\) and on \(\) \((.*)\)$", re.DOTALL)
_INCREASE = re.compile(r"sum by \((.*?)\) \(increase\((\w+)\[(\d+)s\]\)\)$")


class PrometheusDouble:
    """Samples, rules, and what a test makes go wrong."""

    def __init__(self, token: str, now: Callable[[], datetime]) -> None:
        self.token = token
        self.now = now
        self.zone: timezone = UTC
        """In which it tells the times of rules."""
        self.series: dict[str, dict[LabelSet, list[tuple[int, float]]]] = defaultdict(dict)
        self.current: list[dict[str, Any]] = []
        """Alerts of now, as rules tell them."""
        self.refuses: Callable[[Asked], int | None] = lambda asked: None
        self.trouble: list[Said] = []
        self.damage: Callable[[Asked, Any], Any] = lambda asked, told: told

    def add(self, samples: Iterable[Sample]) -> None:
        for name, labels, at, value in samples:
            kept = self.series[name].setdefault(tuple(sorted(labels.items())), [])
            kept.append((at, value))

    def __call__(self, asked: Asked) -> Said:
        if self.trouble:
            return self.trouble.pop(0)
        if asked.headers.get("authorization") != f"Bearer {self.token}":
            return Answer.json({"error": f"who is {asked.headers.get('authorization')}?"}, 401)
        status = self.refuses(asked)
        if status:
            return Answer.json({"error": f"not {asked.headers['authorization']}"}, status)
        data = self._data(asked.path.removeprefix("/api/v1/"), asked.params)
        told = {"status": "success", "data": data}
        return Answer.json(self.damage(asked, told))

    def _data(self, path: str, params: Mapping[str, str]) -> Any:
        match path:
            case "status/runtimeinfo":
                return {"storageRetention": "30d"}
            case "status/buildinfo":
                return {"version": "2.42.0+ds"}
            case "rules":
                return {"groups": [self._group()]}
            case "query" if params["query"] == "time()":
                now = self.now().timestamp()
                return {"resultType": "scalar", "result": [now, str(now)]}
            case "query":
                at = int(params["time"])
                told = self._matrix(params["query"], [at])
                return {"resultType": "vector", "result": [_at_once(each) for each in told]}
        start, end, step = (int(params[name]) for name in ("start", "end", "step"))
        times = range(start, end + 1, step)
        assert len(times) <= 11_000
        return {"resultType": "matrix", "result": self._matrix(params["query"], times)}

    def _group(self) -> dict[str, Any]:
        evaluated_at = self.now().astimezone(self.zone).isoformat()
        alerts = [
            {**each, "activeAt": each["activeAt"].astimezone(self.zone).isoformat()}
            for each in self.current
        ]
        rule = {
            "type": "alerting",
            "name": "ErrorsHigh",
            "labels": {},
            "annotations": {"summary": "errors of {{ $labels.service }}"},
            "alerts": alerts,
            "lastEvaluation": evaluated_at,
        }
        return {"name": "shop", "interval": 60, "rules": [rule]}

    def _matrix(self, query: str, times: Iterable[int]) -> list[dict[str, Any]]:
        found: dict[LabelSet, list[list[Any]]] = defaultdict(list)
        for at in times:
            for labels, value in self._told(query, at).items():
                found[labels].append([at, f"{value:.17g}"])
        return [{"metric": dict(labels), "values": told} for labels, told in found.items()]

    def _told(self, query: str, at: int) -> Vector:
        if awake := _AWAKE.match(query):
            return self._last(awake[1], at, _LOOK_BACK_SECONDS) if self._told(awake[2], at) else {}
        if increase := _INCREASE.match(query):
            return self._increases(increase[2], increase[1].split(", "), at, int(increase[3]))
        step = int(_RANGE.findall(query)[0])
        beats = {**self._last("up", at, step), **self._last("ALERTS_FOR_STATE", at, step)}
        if query.startswith("count("):
            return {(): float(len(beats))} if beats else {}
        if query.startswith("max by (job)"):
            return dict(self._unscraped(at, step))
        assert query.startswith("last_over_time(ALERTS_FOR_STATE["), query
        firing = [dict(labels) for labels in self._last("ALERTS", at, step)]
        fired = [{n: v for n, v in labels.items() if n != "alertstate"} for labels in firing]
        active = self._last("ALERTS_FOR_STATE", at, step)
        return {labels: value for labels, value in active.items() if dict(labels) in fired}

    def _within(self, name: str, at: int, seconds: int) -> Iterator[tuple[LabelSet, list[Any]]]:
        """Samples of a stretch of which both ends are part."""
        for labels, samples in self.series[name].items():
            start = bisect_left(samples, at - seconds, key=lambda sample: sample[0])
            end = bisect_right(samples, at, key=lambda sample: sample[0])
            if end > start:
                yield labels, samples[start:end]

    def _last(self, name: str, at: int, seconds: int) -> Vector:
        return {labels: told[-1][1] for labels, told in self._within(name, at, seconds)}

    def _unscraped(self, at: int, step: int) -> Iterator[tuple[LabelSet, float]]:
        jobs: dict[LabelSet, float] = defaultdict(float)
        for labels, told in self._within("up", at, step):
            most = max(value for _, value in told)
            job = (("job", dict(labels)["job"]),)
            jobs[job] = max(jobs[job], most)
            if most == 0:
                yield labels, 0.0
        yield from ((job, 0.0) for job, most in jobs.items() if most == 0)

    def _increases(self, name: str, by: list[str], at: int, seconds: int) -> Vector:
        found: dict[LabelSet, float] = defaultdict(float)
        for labels, told in self._within(name, at, seconds):
            if len(told) > 1:
                key = tuple(pair for pair in labels if pair[0] in by)
                found[key] += _increase(told, at, seconds)
        return found


def _increase(told: list[tuple[int, float]], at: int, seconds: int) -> float:
    """By how much a counter went up, reckoned to the ends of the stretch where they are near."""
    raised = sum(new - old if new >= old else new for (_, old), (_, new) in pairwise(told))
    first, last = told[0], told[-1]
    length = last[0] - first[0]
    apart = length / (len(told) - 1)
    before, after = float(first[0] - (at - seconds)), float(at - last[0])
    if raised > 0 and first[1] >= 0:
        before = min(before, length * first[1] / raised)
    edges = [edge if edge < apart * 1.1 else apart / 2 for edge in (before, after)]
    return raised * (length + sum(edges)) / length


def _at_once(told: dict[str, Any]) -> dict[str, Any]:
    return {"metric": told["metric"], "value": told["values"][0]}


def alert_now(labels: Mapping[str, str], since: datetime) -> dict[str, Any]:
    """An alert that fires, as rules tell it."""
    return {
        "labels": dict(labels),
        "annotations": {},
        "state": "firing",
        "activeAt": since + timedelta(microseconds=123456),
        "value": "1e+00",
    }
