"""Reports and snapshots of Evidently: drift of columns and data sets, and other tests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from connectors.files.file import File
from connectors.files.naming import Naming
from connectors.files.page import Meaning
from connectors.files.said import (
    entries,
    first,
    json_of,
    mapping,
    number_or_none,
    text,
    text_or_none,
)
from connectors.interface import Json
from data.model import CheckKind, CheckState, DataCheck, Record

_COLUMN_DRIFT = "ValueDrift"
_DATASET_DRIFT = "DriftedColumnsCount"
_STATES = {
    "SUCCESS": CheckState.PASS,
    "FAIL": CheckState.FAIL,
    "WARNING": CheckState.WARN,
    "ERROR": CheckState.ERROR,
    "SKIPPED": CheckState.SKIPPED,
}
# Names and titles of methods that measure a distance: it drifted if that is large. What all other
# methods of Evidently 0.7 measure is the probability of no drift.
_DISTANCES = {
    "psi", "jensenshannon", "wasserstein", "kl_div", "hellinger", "ed", "energy-distance",
    "jensen-shannon distance", "wasserstein distance (normed)", "kullback-leibler divergence",
    "hellinger distance",
}  # fmt: skip
_PROBABILITIES = {
    "ks", "z", "chisquare", "anderson", "cramer_von_mises", "es", "fisher_exact", "g_test",
    "mannw", "empirical_mmd", "t_test", "TVD", "k-s p_value", "z-test p_value",
    "chi-square p_value", "anderson-darling", "cramer-von mises", "epps-singleton",
    "fisher's exact test", "mann-whitney u-rank test", "total-variation-distance", "tvd",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Report:
    naming: Naming
    invocation: str
    checked_at: datetime
    dataset: str | None
    model: str | None
    version: str | None
    tests: Mapping[tuple[str, str], Json]
    """By id of the metric and of the test."""


def report_rows(naming: Naming, meaning: Meaning, files: Sequence[File]) -> Iterator[Record]:
    """A check for each column and data set that was compared, and for each other test."""
    for file in files:
        told = mapping(json_of(file.data))
        yield from naming.each(
            "report",
            [(file.path, told)],
            lambda _, each, file=file: _rows(naming, meaning, file, each),  # type: ignore[misc]
        )


def _rows(
    naming: Naming, meaning: Meaning, file: File, told: Mapping[str, Json]
) -> Iterator[Record]:
    checked_at = _time(told.get("timestamp"), str(meaning["timezone"])) or file.changed_at
    if checked_at is None:
        raise ValueError("it tells no time, and neither does its file")
    tests = [mapping(each) for each in entries(told["tests"])]
    report = _Report(
        naming=naming,
        invocation=_invocation(file, told),
        checked_at=checked_at,
        dataset=_label(told, str(meaning["dataset_key"])),
        model=_label(told, str(meaning["model_key"])),
        version=_label(told, str(meaning["version_key"])),
        tests={(str(each.get("metric")), str(each.get("id"))): each for each in tests},
    )
    metrics = {_key(each, number): each for number, each in enumerate(entries(told["metrics"]))}
    drift = {key for key, each in metrics.items() if _type(each) in (_COLUMN_DRIFT, _DATASET_DRIFT)}
    yield from naming.each(
        f"check/{report.invocation}",
        metrics.items(),
        lambda key, each: [_drift(report, key, mapping(each))] if key in drift else [],
    )
    others = [
        (f"{each.get('metric')}/{each.get('id')}/{number}", each)
        for number, each in enumerate(tests)
        if each.get("metric") not in drift
    ]
    yield from naming.each(
        f"check/{report.invocation}", others, lambda key, each: [_other(report, key, each)]
    )


def _invocation(file: File, told: Mapping[str, Json]) -> str:
    """By what a snapshot says of itself, or else by all that a report says."""
    about = [told.get(name) for name in ("timestamp", "name", "metadata", "tags")]
    said = json.dumps(about, sort_keys=True).encode() if told.get("timestamp") else file.data
    return hashlib.sha256(said).hexdigest()[:16]


def _key(told: Json, number: int) -> str:
    return str((isinstance(told, dict) and told.get("id")) or f"metric-{number}")


def _type(told: Json) -> str | None:
    """`ValueDrift` of `evidently:metric_v2:ValueDrift`; of what cannot be read as well."""
    config = told.get("config") if isinstance(told, dict) else None
    if not isinstance(config, dict) or not isinstance(config.get("type"), str):
        return _COLUMN_DRIFT
    return str(config["type"]).rpartition(":")[2]


def _drift(report: _Report, key: str, told: Mapping[str, Json]) -> DataCheck:
    config = mapping(told["config"])
    is_column = text(config["type"]).endswith(_COLUMN_DRIFT)
    value = number_or_none(told["value" if is_column else "share"])
    threshold = number_or_none(config["threshold" if is_column else "drift_share"])
    method = text(config["method"]) if is_column else None
    test = report.tests.get((key, "drift")) if is_column else None
    return _check(
        report,
        key,
        name=method or "dataset drift",
        kind=CheckKind.DRIFT,
        state=_STATES[text(test["status"])] if test else _drifted(method, value, threshold),
        feature=text(config["column"]) if is_column else None,
        value=value,
        threshold=threshold,
    )


def _drifted(method: str | None, value: float | None, threshold: float | None) -> CheckState:
    """As Evidently decides it: see `evidently/legacy/calculations/stattests`."""
    if value is None or threshold is None:
        return CheckState.ERROR
    if method is None or method.lower() in _DISTANCES:
        return CheckState.FAIL if value >= threshold else CheckState.PASS
    if method.lower() not in _PROBABILITIES:
        raise ValueError(f"whether method `{method}` saw drift is told by its test alone")
    return CheckState.FAIL if value < threshold else CheckState.PASS


def _other(report: _Report, key: str, told: Mapping[str, Json]) -> DataCheck:
    return _check(
        report,
        key,
        name=text(told["name"]),
        kind=CheckKind.TEST,
        state=_STATES[text(told["status"])],
    )


def _check(  # noqa: PLR0913 - the fields of a row
    report: _Report,
    key: str,
    *,
    name: str,
    kind: CheckKind,
    state: CheckState,
    feature: str | None = None,
    value: float | None = None,
    threshold: float | None = None,
) -> DataCheck:
    return DataCheck(
        id=report.naming.id("check", report.invocation, key),
        source=report.naming.source,
        dataset=report.dataset,
        name=name,
        kind=kind.value,
        state=state.value,
        checked_at=report.checked_at,
        invocation=report.invocation,
        model=report.model,
        version=report.version,
        feature=feature,
        value=value,
        threshold=threshold,
    )


def _label(told: Mapping[str, Json], key: str) -> str | None:
    """What the metadata or a tag such as `model:churn` says."""
    metadata = mapping(told.get("metadata") or {})
    tags = [each.partition(mark) for each in _texts(told.get("tags")) for mark in ":="]
    tagged = (value.strip() for name, mark, value in tags if mark and name.strip() == key)
    said = metadata.get(key)
    return text_or_none(str(said) if isinstance(said, int | float) else said) or first(tagged)


def _texts(told: Json) -> Iterator[str]:
    return (each for each in entries(told or []) if isinstance(each, str))


def _time(told: Json, zone: str) -> datetime | None:
    """A snapshot's time, which is that of the clock on the wall where it was made."""
    if told is None:
        return None
    at = datetime.fromisoformat(text(told))
    return at.replace(tzinfo=at.tzinfo or ZoneInfo(zone)).astimezone(UTC)
