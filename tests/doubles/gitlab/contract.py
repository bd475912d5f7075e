"""Whether the double says what GitLab says.

By `fields.yaml` always; by GitLab's own description too where the file is there. It is in the
folder named by CAIRN_CONTRACTS, else in `../shared/contracts` beside the repository.
"""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

from tests.doubles.gitlab.view import REST

_HERE = Path(__file__).parent
_REPOSITORY = _HERE.parents[2]
_FILE = "gitlab_openapi_2.0.yaml.gz"
_ATOMS = {"text": str, "int": int, "bool": bool}
_TYPES = ("string", "integer", "number", "boolean")
_UNTYPED = {"type": "string"}
"""What the generator of the description writes of a field that nobody described."""


def description() -> Path | None:
    """Returns GitLab's description, if it is here."""
    folder = os.environ.get("CAIRN_CONTRACTS") or _REPOSITORY.parent / "shared" / "contracts"
    found = Path(folder) / _FILE
    return found if found.exists() else None


# --- by the fields that this project reads ------------------------------------------------------


@cache
def _rules() -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load((_HERE / "fields.yaml").read_text(encoding="utf-8"))
    return told


def judged_routes() -> set[str]:
    """Returns the templates that `fields.yaml` has a rule for."""
    return set(_rules()["routes"])


def field_problems(template: str, body: Any) -> list[str]:
    """Judges an answer to an address such as `/projects/{project}/issues`."""
    return list(_wrong(_rules()["routes"][template], body, ""))


def _wrong(kind: str, value: Any, where: str) -> Iterator[str]:
    if value is None and kind.endswith("~"):
        return
    kind = kind.removesuffix("~")
    if kind.startswith("["):
        if not isinstance(value, list):
            yield f"{where} is no list"
            return
        for place, item in enumerate(value):
            yield from _wrong(kind[1:-1], item, f"{where}/{place}")
    elif kind in _rules()["entities"]:
        yield from _wrong_entity(kind, value, where)
    elif not _is_atom(kind, value):
        yield f"{where} is {value!r}, no {kind}"


def _wrong_entity(kind: str, value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where} is no {kind}"
        return
    for name, inner in _rules()["entities"][kind].items():
        if name in value:
            yield from _wrong(inner, value[name], f"{where}/{name}")
        elif not inner.endswith("~"):
            yield f"{where} has no {name}"


def _is_atom(kind: str, value: Any) -> bool:
    if kind == "any":
        return True
    if kind == "time":
        try:
            return datetime.fromisoformat(value).tzinfo is not None
        except (TypeError, ValueError):
            return False
    return type(value) is _ATOMS[kind]


# --- by GitLab's description --------------------------------------------------------------------


class Description:
    """GitLab's own description of its REST answers.

    It says of few fields whether they may be null, and nothing of those that nobody described. So
    null is let pass everywhere, an undescribed field may be anything, and an entity may stand
    where a list of it stands. What it does not know by name is a problem.
    """

    def __init__(self, file: Path) -> None:
        with gzip.open(file, "rt", encoding="utf-8") as text:
            told = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe
        self._paths = told["paths"]
        self._definitions = {n: _entity(one) for n, one in told["definitions"].items()}
        self._judges: dict[str, jsonschema_rs.Draft4Validator] = {}

    def knows(self, path: str) -> str | None:
        """Returns the template of an address, if an answer to it is described."""
        wanted = path.removeprefix(REST).strip("/").split("/")
        found = [t for t in self._paths if _fits(t, wanted) and self._schema(t) is not None]
        return min(found, key=lambda template: template.count("{"), default=None)

    def problems(self, template: str, body: Any) -> list[str]:
        """Judges an answer; lists are judged by their items."""
        if template not in self._judges:
            schema = {**self._schema(template), "definitions": self._definitions}
            plain: Any = json.loads(json.dumps(schema, default=str))
            self._judges[template] = jsonschema_rs.Draft4Validator(plain)
        judge = self._judges[template]
        items = body if isinstance(body, list) else [body]
        return [
            f"{'/'.join(map(str, error.instance_path))}: {error.message}"
            for item in items
            for error in judge.iter_errors(item)
        ]

    def _schema(self, template: str) -> Any:
        answers = self._paths[template].get("get", {}).get("responses", {})
        schema = (answers.get("200") or answers.get(200) or {}).get("schema")
        return schema.get("items", schema) if schema else None


def _fits(template: str, wanted: list[str]) -> bool:
    parts = template.removeprefix(REST).strip("/").split("/")
    return len(parts) == len(wanted) and all(
        re.fullmatch(r"\{.*\}", part) or part == asked
        for part, asked in zip(parts, wanted, strict=True)
    )


def _entity(definition: dict[str, Any]) -> dict[str, Any]:
    properties = {name: _loose(one) for name, one in definition.get("properties", {}).items()}
    if not properties:
        return {}
    return {"type": ["object", "null"], "properties": properties, "additionalProperties": False}


def _loose(schema: dict[str, Any]) -> dict[str, Any]:
    known = {k: v for k, v in schema.items() if k not in ("description", "example", "format")}
    if "$ref" in known:
        return {"anyOf": [known, {"type": "null"}, {"type": "array", "items": known}]}
    if schema == _UNTYPED or known.get("type") == "object":
        return {}
    if known.get("type") == "array":
        return {"type": ["array", "null"], "items": _loose(known.get("items", {}))}
    if known.get("type") not in _TYPES:
        return {}
    return {**known, "type": [known["type"], "null"]}
