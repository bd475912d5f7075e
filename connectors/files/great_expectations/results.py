"""Results of Great Expectations: of a checkpoint, or of one validation as its store keeps it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from connectors.files.file import File, NotUnderstood
from connectors.files.naming import Naming
from connectors.files.page import Meaning
from connectors.files.said import (
    UNREADABLE,
    count_or_none,
    entries,
    first,
    json_of,
    mapping,
    moment,
    number_or_none,
    text,
    text_or_none,
)
from connectors.interface import Json
from data.model import CheckKind, CheckState, DataCheck, Record

_MILD = ("warning", "info")
_SAID_OF_ERROR = ("raised_exception", "exception_message")


@dataclass(frozen=True, slots=True)
class _Validation:
    naming: Naming
    key: str
    invocation: str
    checked_at: datetime
    suite: str
    dataset: str | None


def kept(data: bytes, meaning: Meaning) -> bytes:  # noqa: ARG001
    """A result without the values that were looked at: they are the company's data.

    Raises:
        NotUnderstood: if it is no result.
    """
    told = json_of(data)
    try:
        for validation in _validations(told).values():
            validation["results"] = [_without_data(each) for each in entries(validation["results"])]
    except UNREADABLE:
        raise NotUnderstood("it is no result of a checkpoint or validation") from None
    return json.dumps(told).encode()


def result_rows(naming: Naming, meaning: Meaning, files: Sequence[File]) -> Iterator[Record]:  # noqa: ARG001
    """A check for each expectation."""
    for file in files:
        validations = _validations(json_of(file.data)).items()
        yield from naming.each(
            f"validation/{file.path}", validations, lambda _, told: _checks(naming, told)
        )


def _validations(told: Json) -> dict[str, dict[str, Json]]:
    results = mapping(told).get("run_results", {"": told})
    return {name: dict_of(each) for name, each in mapping(results).items()}


def dict_of(told: Json) -> dict[str, Json]:
    """A mapping that can be changed.

    Raises:
        TypeError: if it is none.
    """
    if not isinstance(told, dict):
        raise TypeError(f"{type(told).__name__} where a mapping should be")
    return told


def _without_data(told: Json) -> Json:
    """An outcome whose measures are numbers alone, and whose error has no trace."""
    if not isinstance(told, dict):
        return told
    result, error = told.get("result"), told.get("exception_info")
    if isinstance(result, dict):
        result = {name: value for name, value in result.items() if _is_number(value)}
    rest = {name: value for name, value in told.items() if name != "rendered_content"}
    return {**rest, "result": result, "exception_info": _error(error)}


def _is_number(value: Json) -> bool:
    return value is None or isinstance(value, int | float)


def _error(told: Json) -> Json:
    """What went wrong; told once, or once for each metric."""
    if not isinstance(told, dict):
        return told
    each = [told] if "raised_exception" in told else [*told.values()]
    found = [dict_of(one) for one in each if isinstance(one, dict) and one.get("raised_exception")]
    chosen = found[0] if found else {"raised_exception": False, "exception_message": None}
    return {name: chosen.get(name) for name in _SAID_OF_ERROR}


def _checks(naming: Naming, told: Mapping[str, Json]) -> Iterator[Record]:
    meta = mapping(told["meta"])
    run = mapping(meta["run_id"])
    started_at = moment(run["run_time"])
    batch = mapping(meta.get("active_batch_definition") or {})
    dataset = text_or_none(batch.get("data_asset_name"))
    suite = text(told["suite_name"])
    name = text_or_none(run.get("run_name"))
    invocation = "@".join(part for part in (name, started_at.isoformat()) if part)
    validation = _Validation(
        naming=naming,
        key=f"{invocation}/{suite}/{dataset or text_or_none(meta.get('validation_id'))}",
        invocation=invocation,
        checked_at=moment(meta.get("validation_time") or run["run_time"]),
        suite=suite,
        dataset=dataset,
    )
    results = entries(told["results"])
    keyed = [(_key(each, number), each) for number, each in enumerate(results)]
    yield from naming.each(
        f"check/{validation.key}", keyed, lambda key, each: [_check(validation, key, each)]
    )


def _key(told: Json, number: int) -> str:
    """The id of the expectation, which one outside a project does not have."""
    config = told.get("expectation_config") if isinstance(told, dict) else None
    told_id = config.get("id") if isinstance(config, dict) else None
    return told_id if isinstance(told_id, str) and told_id else f"result-{number}"


def _check(validation: _Validation, key: str, told: Mapping[str, Json]) -> DataCheck:
    config = mapping(told["expectation_config"])
    arguments = mapping(config["kwargs"])
    result = mapping(told["result"])
    error = mapping(told.get("exception_info") or {})
    severity = first(
        text_or_none(place.get("severity")) for place in (config, mapping(config.get("meta") or {}))
    )
    share = number_or_none(result.get("unexpected_percent"))
    return DataCheck(
        id=validation.naming.id("check", validation.key, key),
        source=validation.naming.source,
        dataset=validation.dataset,
        name=text(config["type"]),
        kind=CheckKind.TEST.value,
        state=_state(told["success"], severity, is_error=error.get("raised_exception") is True),
        checked_at=validation.checked_at,
        invocation=validation.invocation,
        pipeline=None,
        feature=text_or_none(arguments.get("column")),
        severity=severity,
        failures=count_or_none(result.get("unexpected_count")),
        rows=count_or_none(result.get("element_count")),
        value=share / 100 if share is not None else number_or_none(result.get("observed_value")),
        message=text_or_none(error.get("exception_message")),
    )


def _state(success: Json, severity: str | None, *, is_error: bool) -> str:
    if is_error:
        return CheckState.ERROR.value
    if not isinstance(success, bool):
        raise TypeError("no truth where `success` should be")
    if success:
        return CheckState.PASS.value
    return (CheckState.WARN if severity in _MILD else CheckState.FAIL).value
