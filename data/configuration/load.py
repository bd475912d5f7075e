"""Reads `cairn.toml` and turns every mistake into one line with the line it is on."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from data.configuration.mistake import explain, steps_of
from data.configuration.place import Step, line_of
from data.configuration.settings import Configuration
from data.errors import WrongQuestion

Model = TypeVar("Model", bound=BaseModel)

_MOST_BYTES = 1_000_000
_POSITION = re.compile(r" \(at (line (\d+), column \d+|end of document)\)$")


class ConfigurationError(WrongQuestion):
    """`cairn.toml` is missing, not TOML, or says something it cannot mean."""


def load(path: Path) -> Configuration:
    """Reads and validates the configuration.

    Raises:
        ConfigurationError: naming file, line and, for an unknown key, the nearest valid one.
    """
    return load_as(Configuration, path)


def load_as(model: type[Model], path: Path, known: Mapping[str, Any] | None = None) -> Model:
    """Reads and validates another file in TOML.

    Args:
        model: what it should be.
        path: the file.
        known: what the model's validators find as `info.context`.

    Raises:
        ConfigurationError: as `load` does.
    """
    text = _read(path)
    return _validate(model, _parse(text, path), text, path, (), known)


def validate_settings(model: type[Model], path: Path, index: int, options: dict[str, Any]) -> Model:
    """Validates the keys of source number `index` (from 0) against its kind's model.

    Raises:
        ConfigurationError: as `load` does.
    """
    return _validate(model, options, _read(path), path, ("source", index))


def place_of(path: Path, steps: Sequence[Step]) -> str:
    """File and line of a key of the configuration, for an error.

    Raises:
        ConfigurationError: if the file cannot be read any more.
    """
    return _place(path, line_of(_read(path), steps))


def _read(path: Path) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise ConfigurationError(
            "no configuration", str(path), "run `cairn init` here, or name the folder with --data"
        ) from error
    except OSError as error:
        what = f"unreadable ({error.strerror})"
        raise ConfigurationError(what, str(path), "check the file") from error
    if len(content) > _MOST_BYTES:
        what, fix = f"{len(content):,} bytes are no configuration", "name the right folder"
        raise ConfigurationError(what, str(path), fix)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigurationError("not UTF-8", _place(path, line), "save it as UTF-8") from error


def _parse(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise ConfigurationError("nested too deeply", str(path), "mend it") from error
    except ValueError as error:
        said = str(error)
        found = _POSITION.search(said)
        line = int(found[2]) if found and found[2] else _last_line(text)
        what = f"not valid TOML: {_POSITION.sub('', said)}"
        raise ConfigurationError(what, _place(path, line), "mend it") from error


def _validate(
    model: type[Model],
    document: Any,
    text: str,
    path: Path,
    prefix: tuple[Step, ...],
    known: Mapping[str, Any] | None = None,
) -> Model:
    try:
        return model.model_validate(document, context=known)
    except ValidationError as error:
        # A key that is missing may be there, misspelt: the unknown key says more.
        mistakes = sorted(error.errors(), key=lambda mistake: mistake["type"] == "missing")
        what, fix = explain(model, mistakes[0])
        if len(mistakes) > 1:
            what += f" (the first of {len(mistakes)} mistakes)"
        line = line_of(text, (*prefix, *steps_of(mistakes[0])))
        raise ConfigurationError(what, _place(path, line), fix) from error


def _last_line(text: str) -> int:
    return text.rstrip("\n").count("\n") + 1


def _place(path: Path, line: int) -> str:
    return f"{path}, line {line}"
