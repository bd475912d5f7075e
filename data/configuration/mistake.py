"""What is wrong with a value of a file, and the next step, in the words of the file."""

from __future__ import annotations

import difflib
import re
import typing
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails, PydanticCustomError

from data.configuration.place import Step

_OWN = "cairn_mistake"
_TABLE_EXPECTED = ("model_type", "model_attributes_type", "dict_type")
_LIST_EXPECTED = ("tuple_type", "list_type")


class Notation(Enum):
    """How a kind of file writes an entry, a text, a list of texts, a table, a list of tables."""

    TOML = (
        "`{key} = …`",
        'write a text in quotes: `{key} = "…"`',
        '`{key} = ["…"]`',
        "write it as a table, below `{header}`",
        "write each as a table of its own, below `[[{key}]]`",
    )
    YAML = (
        "`{key}: …`",
        'write a text, in quotes if it looks like something else: `{key}: "…"`',
        "`{key}: […]`",
        "write it as `key: …`, one a line, indented below",
        "write each as an item of its own, indented below `{key}:`, with `- ` before it",
    )

    def __init__(self, entry: str, text: str, words: str, table: str, tables: str) -> None:
        self.entry = entry
        self.text = text
        self.words = words
        self.table = table
        self.tables = tables


def mistake(what: str, fix: str, *steps: Step) -> PydanticCustomError:
    """A mistake that only the whole file shows, at the key that `steps` lead to."""
    return PydanticCustomError(_OWN, "{what}", {"what": what, "fix": fix, "steps": steps})


def steps_of(error: ErrorDetails) -> tuple[Step, ...]:
    """The keys that lead to a mistake, from the model that was validated."""
    own: tuple[Step, ...] = error.get("ctx", {}).get("steps", ()) if _is_own(error) else ()
    return own or error["loc"]


def explain(
    model: type[BaseModel], error: ErrorDetails, notation: Notation = Notation.TOML
) -> tuple[str, str]:
    """What is wrong, and what to do."""
    kind, steps, context = error["type"], steps_of(error), error.get("ctx", {})
    if _is_own(error):
        return context["what"], context["fix"]
    names = [step for step in steps if isinstance(step, str) and step != "[key]"]
    key = names[-1] if names else ""
    if kind == "extra_forbidden":
        return f"unknown key `{key}`", nearest(key, _keys_at(model, steps[:-1]))
    if kind == "missing":
        return f"key `{key}` is missing", f"add {notation.entry.format(key=key)}"
    if kind in ("enum", "literal_error"):
        what = f"unknown key `{key}`" if steps[-1] == "[key]" else f"`{key}`: unknown value"
        return what, nearest(_text(error["input"]), _expected(context))
    return f"`{key}`: {_said(error)}", _fix(model, kind, steps, notation)


def nearest(word: str, valid: Iterable[str]) -> str:
    """The advice to write the word that was probably meant, or one of those there are."""
    known = sorted(valid)
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"did you mean `{near[0]}`?" if near else f"use one of: {', '.join(known)}"


def _fix(model: type[BaseModel], kind: str, steps: Sequence[Step], notation: Notation) -> str:
    key = next((step for step in reversed(steps) if isinstance(step, str)), "")
    table = ".".join(step for step in steps if isinstance(step, str)) or key
    header = f"[[{table}]]" if steps and isinstance(steps[-1], int) else f"[{table}]"
    if kind in _LIST_EXPECTED and _keys_at(model, steps):
        return notation.tables.format(key=key)
    if kind in _LIST_EXPECTED:
        return f"write a list: {notation.words.format(key=key)}"
    if kind == "string_type":
        return notation.text.format(key=key)
    if kind in _TABLE_EXPECTED:
        return notation.table.format(header=header)
    return "change the value"


def _is_own(error: ErrorDetails) -> bool:
    return error["type"] == _OWN


def _said(error: ErrorDetails) -> str:
    said = error["msg"].removeprefix("Value error, ")
    return said[:1].lower() + said[1:]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _expected(context: Mapping[str, Any]) -> list[str]:
    return re.findall(r"'([^']*)'", str(context.get("expected", "")))


def _keys_at(model: type[BaseModel], steps: Sequence[Step]) -> list[str]:
    """The keys that are valid in the table that steps lead to."""
    current: Any = model
    for step in steps:
        if isinstance(step, int):
            continue
        fields = getattr(current, "model_fields", {})
        by_key = {field.alias or name: field for name, field in fields.items()}
        current = _model_in(by_key[step].annotation) if step in by_key else None
    fields = getattr(current, "model_fields", {})
    return [field.alias or name for name, field in fields.items()]


def _model_in(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_model_in(argument) for argument in typing.get_args(annotation))
    return next((found for found in inner if found is not None), None)
