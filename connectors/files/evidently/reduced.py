"""Reports and snapshots of Evidently in one form, without what may show the data."""

from __future__ import annotations

import json
from collections.abc import Mapping

from connectors.files.file import NotUnderstood
from connectors.files.page import Meaning
from connectors.files.said import UNREADABLE, entries, json_of, mapping
from connectors.interface import Json


def kept(data: bytes, meaning: Meaning) -> bytes:  # noqa: ARG001
    """The measures and tests of a report or snapshot, in one form, without its pictures.

    Raises:
        NotUnderstood: if it is neither.
    """
    told = json_of(data)
    try:
        about = {name: told.get(name) for name in ("name", "timestamp", "metadata", "tags")}
        if "metric_results" in told:
            metrics = [_stored(key, each) for key, each in mapping(told["metric_results"]).items()]
            tests = [test for metric in metrics for test in metric.pop("tests")]
        else:
            metrics = [_listed(each) for each in entries(told["metrics"])]
            tests = [_test(mapping(each)) for each in entries(told.get("tests") or [])]
    except UNREADABLE:
        raise NotUnderstood("it is no report or snapshot of Evidently 0.7") from None
    return json.dumps({**about, "metrics": metrics, "tests": tests}).encode()


def _listed(told: Json) -> dict[str, Json]:
    """A metric of a report."""
    if not isinstance(told, dict):
        return {"id": None}
    value = told.get("value")
    measured = value if isinstance(value, dict) else {"value": value}
    return {"id": told.get("id"), "config": told.get("config"), **_numbers(measured)}


def _stored(key: str, told: Json) -> dict[str, Json]:
    """A metric of a snapshot."""
    parts = {name: _inside(told, name, "value") for name in ("count", "share")}
    tests = _inside(told, "tests")
    return {
        "id": key,
        "config": _inside(told, "metric_value_location", "metric", "params"),
        **_numbers({"value": _inside(told, "value"), **parts}),
        "tests": [_test(mapping(each)) for each in tests] if isinstance(tests, list) else [],
    }


def _inside(told: Json, *keys: str) -> Json:
    """What stands below keys; null if it is missing."""
    for key in keys:
        told = told.get(key) if isinstance(told, dict) else None
    return told


def _numbers(told: Mapping[str, Json]) -> dict[str, Json]:
    """What was measured, if it is a number: the rest may cite the data."""
    wanted = {name: told[name] for name in ("value", "count", "share") if name in told}
    return {n: v for n, v in wanted.items() if v is None or isinstance(v, int | float)}


def _test(told: Mapping[str, Json]) -> dict[str, Json]:
    metric = told.get("metric_config") or {}
    said = {name: told.get(name) for name in ("id", "name", "status")}
    return {**said, "metric": mapping(metric).get("metric_id")}
