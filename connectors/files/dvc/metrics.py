"""Metrics files that `dvc.yaml` names: the values of a model, or of data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from posixpath import normpath

from connectors.files.dvc.reduced import DEEPEST
from connectors.files.file import File
from connectors.files.naming import Naming
from connectors.files.page import Meaning
from connectors.files.said import UNREADABLE, entries, mapping, number_or_none
from connectors.files.yaml import one_document
from connectors.interface import Json
from data.model import Evaluation, Record


def metric_rows(naming: Naming, meaning: Meaning, files: Sequence[File]) -> Iterator[Record]:  # noqa: ARG001
    """A value for each number in a file that the `dvc.yaml` beside or above it names."""
    metrics, *beside = files
    for declared in beside:
        try:
            told = mapping(one_document(declared.data))
            if metrics.path in _named(declared.path, told):
                yield from _values(naming, metrics, _model(told))
        except UNREADABLE as error:
            yield naming.misread(metrics.path, error, naming.id("evaluation", metrics.path))


def _named(path: str, told: Mapping[str, Json]) -> frozenset[str]:
    """The metrics files of a `dvc.yaml`: those of its stages, and its own."""
    folder = PurePosixPath(path).parent
    found = {normpath(folder / each) for each in _paths(told.get("metrics"))}
    for stage in map(mapping, mapping(told.get("stages") or {}).values()):
        place = folder / str(stage.get("wdir") or ".")
        found |= {normpath(place / each) for each in _paths(stage.get("metrics"))}
    return frozenset(found)


def _paths(told: Json) -> Iterator[str]:
    """Each is a path, or a mapping of a path to how it is kept."""
    for each in told if isinstance(told, list) else [told] if told else []:
        yield from [each] if isinstance(each, str) else map(str, mapping(each))


def _model(told: Mapping[str, Json]) -> str | None:
    """The one model among the artifacts."""
    artifacts = mapping(told.get("artifacts") or {}).items()
    models = [name for name, each in artifacts if mapping(each).get("type") == "model"]
    return models[0] if len(models) == 1 else None


def _values(naming: Naming, metrics: File, model: str | None) -> Iterator[Record]:
    if metrics.changed_at is None:
        raise ValueError("when it was last changed is not known")
    when = metrics.sha or metrics.changed_at.isoformat()
    for name, value in _numbers(one_document(metrics.data), (), metrics.path):
        yield Evaluation(
            id=naming.id("evaluation", metrics.path, when, name),
            source=naming.source,
            run=None,
            model=model,
            version=None,
            metric=name,
            value=number_or_none(value),
            dataset=None,
            evaluated_at=metrics.changed_at,
        )


def _numbers(told: Json, above: tuple[str, ...], path: str) -> Iterator[tuple[str, float | None]]:
    """Each number with its keys joined by dots; those of YAML are still texts."""
    if len(above) > DEEPEST:
        raise ValueError("it is nested too deep for metrics")
    if isinstance(told, dict):
        for key, value in told.items():
            yield from _numbers(value, (*above, key), path)
    elif isinstance(told, list):
        for number, value in enumerate(entries(told)):
            yield from _numbers(value, (*above, str(number)), path)
    elif (value := _number(told, path)) is not None:
        yield ".".join(above) or PurePosixPath(path).stem, value


def _number(told: Json, path: str) -> float | None:
    if isinstance(told, bool):
        return None
    if isinstance(told, int | float):
        return float(told)
    if not isinstance(told, str) or path.endswith(".json"):
        return None
    try:
        return float(told)
    except ValueError:
        return None
