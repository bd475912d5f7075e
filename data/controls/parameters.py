"""What an organisation sets otherwise than a control's own file: `[control.ID]` of `cairn.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from data.configuration import Configuration, ConfigurationError, nearest, place_of
from data.controls.catalogue import Catalogue
from data.controls.definition import Parameter

Parameters = Mapping[str, Mapping[str, Any]]
"""Values by control and parameter."""


def parameters(configuration: Configuration, path: Path, known: Catalogue) -> Parameters:
    """The parameters that are set, checked against the controls there are.

    Args:
        configuration: what `cairn.toml` says.
        path: of `cairn.toml`, for the line of a mistake.
        known: all controls.

    Raises:
        ConfigurationError: naming the line, if there is no such control or parameter, or if its
            value is of another kind than the control's own.
    """
    for name, values in configuration.control.items():
        if name not in known.controls:
            what, fix = f"there is no control `{name}`", nearest(name, known.controls)
            raise ConfigurationError(what, place_of(path, ("control", name)), fix)
        own = known.controls[name].parameters
        for key, value in values.items():
            where = ("control", name, key)
            if key not in own:
                what = f"control `{name}` has no parameter `{key}`"
                fix = nearest(key, own) if own else "take it out: it has none"
                raise ConfigurationError(what, place_of(path, where), fix)
            if not _fits(value, own[key]):
                what = f"`{key}` of control `{name}` is not like {_example(own[key])}"
                raise ConfigurationError(what, place_of(path, where), "write one of that kind")
    return configuration.control


def _fits(value: object, own: Parameter) -> bool:
    if isinstance(own.value, bool) or isinstance(value, bool):
        return isinstance(own.value, bool) and isinstance(value, bool)
    if isinstance(own.value, int | float):
        return isinstance(value, int | float) and value >= 0
    return isinstance(value, type(own.value))


def _example(own: Parameter) -> str:
    value = list(own.value) if isinstance(own.value, tuple) else own.value
    return f"{value!r}" + (f" ({own.unit})" if own.unit else "")
