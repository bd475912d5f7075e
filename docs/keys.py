"""What may be said under the keys of a file, from the model that reads it."""

from __future__ import annotations

import types
import typing
from collections.abc import Collection, Mapping
from enum import Enum, EnumType
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from docs.table import table


def key_table(model: type[BaseModel], but: Collection[str] = ()) -> str:
    """The keys of a model but some, with type, default and meaning."""
    rows = [
        (
            f"`{field.alias or name}`",
            _type_name(field.annotation),
            _default(field),
            field.description or "",
        )
        for name, field in model.model_fields.items()
        if name not in but
    ]
    return table(("key", "type", "default", "meaning"), rows)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    if field.default_factory_takes_validated_data:
        return ""
    default = field.get_default(call_default_factory=True)
    if isinstance(default, tuple):
        return f"`[{', '.join(_written(one) for one in default)}]`" if default else ""
    if isinstance(default, dict):
        return f"`{default}`" if default else ""
    return "" if default is None else f"`{default}`"


def _written(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def _type_name(annotation: Any) -> str:
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return _type_name(typing.get_args(annotation)[0])
    if origin in (types.UnionType, typing.Union):
        names = [_type_name(a) for a in typing.get_args(annotation) if a is not type(None)]
        return " or ".join(names)
    if origin in (tuple, list):
        return f"list of {_type_name(typing.get_args(annotation)[0])}"
    if origin in (dict, Mapping):
        return f"table of {_type_name(typing.get_args(annotation)[1])}"
    if isinstance(annotation, EnumType):
        return " or ".join(f"`{each.value}`" for each in typing.cast(type[Enum], annotation))
    return str(getattr(annotation, "__name__", annotation))
