"""Files of DVC, reduced to what becomes rows: commands and parameters may hold secrets."""

from __future__ import annotations

import json

from connectors.files.allowed import each, every, only, value
from connectors.files.page import Meaning
from connectors.files.yaml import one_document
from connectors.interface import Json

HASHES = ("md5", "etag", "checksum", "sha256")
"""Keys under which a file tells the content of data."""
DEEPEST = 20
"""Levels of a metrics file that are read."""


def kept_project(data: bytes, meaning: Meaning) -> bytes:  # noqa: ARG001
    """What a `dvc.yaml`, `dvc.lock` or `*.dvc` says of data, stages and artifacts. No more.

    Raises:
        NotUnderstood: if it is neither YAML nor JSON.
    """
    return _packed(_PROJECT(one_document(data)))


def kept_beside(metrics: bytes, declared: bytes) -> bytes:  # noqa: ARG001
    """The same of the `dvc.yaml` beside metrics.

    Raises:
        NotUnderstood: if it is no YAML.
    """
    return _packed(_PROJECT(one_document(declared)))


def kept_metrics(data: bytes, meaning: Meaning) -> bytes:  # noqa: ARG001
    """The numbers of a metrics file under their keys. All else in it is null.

    Raises:
        NotUnderstood: if it is neither YAML nor JSON.
    """
    return _packed(_numbers(one_document(data), 0))


def _packed(told: Json) -> bytes:
    return json.dumps(told, sort_keys=True).encode()


def _path(told: Json) -> Json:
    """A path, or a mapping of a path to how it is kept."""
    return dict.fromkeys(told) if isinstance(told, dict) else value(told)


_DATA = each(only(dict.fromkeys(("path", "desc", *HASHES), value)))
_STAGE = only({"wdir": value, "deps": _DATA, "outs": _DATA, "metrics": each(_path)})
_PROJECT = only(
    {
        "schema": value,
        "wdir": value,
        "outs": _DATA,
        "metrics": each(_path),
        "stages": every(_STAGE),
        "artifacts": every(only({"path": value, "type": value})),
    }
)


def _numbers(told: Json, depth: int) -> Json:
    if isinstance(told, list | dict) and depth > DEEPEST + 1:
        return type(told)()
    if isinstance(told, dict):
        return {name: _numbers(inside, depth + 1) for name, inside in told.items()}
    if isinstance(told, list):
        return [_numbers(inside, depth + 1) for inside in told]
    return told if _is_number(told) else None


def _is_number(told: Json) -> bool:
    """Whether it is one, or a text that is: what YAML says is still a text."""
    if not isinstance(told, str):
        return isinstance(told, int | float) and not isinstance(told, bool)
    try:
        float(told)
    except ValueError:
        return False
    return True
