"""Ids and times of what an MLflow server tells."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from connectors.interface import Json

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def part(name: str) -> str:
    """A name as a part of an id, in which a slash would begin another part."""
    return name.replace("%", "%25").replace("/", "%2F")


def model_id(source: str, model: str) -> str:
    """Id of the row of a model."""
    return f"mlflow:{source}#model/{part(model)}"


def version_id(source: str, model: str, version: str) -> str:
    """Id of the row of a version of a model."""
    return f"mlflow:{source}#version/{part(model)}/{part(version)}"


def run_id(source: str, run: str) -> str:
    """Id of the row of a training run."""
    return f"mlflow:{source}#run/{part(run)}"


def moment(milliseconds: Json) -> datetime:
    """A time that is told in milliseconds.

    Raises:
        TypeError: if it is none.
        ValueError: if it is out of all time.
    """
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int | str):
        raise TypeError(f"{milliseconds!r} where a time should be")
    try:
        return _EPOCH + timedelta(milliseconds=int(milliseconds))
    except OverflowError:
        raise ValueError(f"{milliseconds!r} is out of all time") from None


def moment_or_none(milliseconds: Json) -> datetime | None:
    """The same; null if none is told, or the 0 of a run that has none."""
    return None if milliseconds in (None, 0, "0", "") else moment(milliseconds)


def text(item: Json, name: str) -> str:
    """A field that must be told.

    Raises:
        TypeError: if it is no text, or none.
        KeyError: if it is not there.
    """
    told = item[name]
    if not isinstance(told, str) or not told:
        raise TypeError(f"{told!r} where {name} should be")
    return told


def text_or_none(item: Json, name: str) -> str | None:
    """A field that may be missing, null or empty.

    Raises:
        TypeError: if it is something else than text.
    """
    return text(item, name) if item.get(name) not in (None, "") else None


def pairs(item: Json, of: str = "tags") -> dict[str, str]:
    """What is told as a list of keys and values; the last of a key counts."""
    return {text(pair, "key"): str(pair.get("value", "")) for pair in item.get(of) or []}
