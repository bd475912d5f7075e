"""Judges what the double sends by GitHub's own OpenAPI description, or by our few rules.

The description is 13 MB and not ours, so it lies outside the repository: where the environment
variable CAIRN_CONTRACTS says, or in `shared/contracts` beside the repository. Without it the rules
in `fields.yaml` judge, which name the fields that the connector maps.
"""

from __future__ import annotations

import gzip
import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

_FILE = "github_openapi_3.0.json.gz"
_RULES = Path(__file__).with_name("fields.yaml")
_REPOSITORY = Path(__file__).parents[3]


def description() -> Path | None:
    """Where GitHub's description is, if it is here."""
    named = os.environ.get("CAIRN_CONTRACTS")
    folder = Path(named) if named else _REPOSITORY.parent / "shared" / "contracts"
    return folder / _FILE if (folder / _FILE).is_file() else None


def problems(template: str, method: str, status: int, body: Any) -> list[str]:
    """Lists what is wrong with an answer; empty if nothing is.

    Args:
        template: the path as the description has it, such as `/repos/{owner}/{repo}/deployments`.
        method: in lower case.
        status: of the answer.
        body: its JSON.

    Raises:
        LookupError: if the description has no such path.
    """
    judge = _by_description if description() else _by_rules
    validator = judge(template, method, str(status))
    if validator is None:
        return []
    return [
        f"{'/'.join(map(str, error.instance_path))}: {error.message}"
        for error in validator.iter_errors(body)
        if not _is_empty_address(error)
    ]


def _is_empty_address(error: Any) -> bool:
    """The description gives the empty text as a default where it asks for an address."""
    return bool(error.instance == "" and error.message.endswith('is not a "uri"'))


@cache
def _by_description(template: str, method: str, status: str) -> Any:
    told = _told()
    reply = told["paths"][template][method]["responses"][status]
    if "$ref" in reply:
        reply = told["components"]["responses"][reply["$ref"].rsplit("/", 1)[1]]
    schema = reply.get("content", {}).get("application/json", {}).get("schema")
    if schema is None:
        return None
    components = {"schemas": _schemas()}
    return jsonschema_rs.Draft4Validator(
        {**_with_null(schema), "components": components}, validate_formats=True
    )


@cache
def _told() -> Any:
    path = description()
    assert path is not None
    with gzip.open(path, "rt") as file:
        return json.load(file)


@cache
def _schemas() -> Any:
    return _with_null(_told()["components"]["schemas"])


def _with_null(node: Any) -> Any:
    """Turns OpenAPI's `nullable` into the null of JSON Schema."""
    if isinstance(node, list):
        return [_with_null(item) for item in node]
    if not isinstance(node, dict):
        return node
    said = {k: _with_null(v) for k, v in node.items() if k not in ("example", "examples")}
    if not said.pop("nullable", False):
        return said
    if not isinstance(said.get("type"), str):
        return {"anyOf": [said, {"type": "null"}]}
    said["type"] = [said["type"], "null"]
    if "enum" in said and None not in said["enum"]:
        said["enum"] = [*said["enum"], None]
    return said


_WORDS: dict[str, Any] = {
    "time": {"type": "string", "format": "date-time"},
    **{name: {"type": name} for name in ("string", "integer", "boolean", "object", "array")},
}

# --- our own few rules ------------------------------------------------------------------------


@cache
def rules() -> Any:
    """Our rules: kinds of things with their fields, and which path gives which."""
    return yaml.safe_load(_RULES.read_text())


@cache
def _by_rules(template: str, method: str, _status: str) -> Any:
    kind = rules()["answers"].get(f"{method} {template}")
    return jsonschema_rs.Draft7Validator(_schema(kind), validate_formats=True) if kind else None


def _schema(kind: Any) -> Any:
    """Writes `[deployment]`, `{jobs: [job]}`, `user?` or `string` as a schema."""
    if isinstance(kind, dict):
        inner = {name: _schema(of) for name, of in kind.items()}
        return {"type": "object", "required": list(inner), "properties": inner}
    if isinstance(kind, list):
        return {"type": "array", "items": _schema(kind[0])}
    if kind.endswith("?"):
        return {"anyOf": [_schema(kind[:-1]), {"type": "null"}]}
    return _WORDS.get(kind) or _named(kind)


def _named(kind: str) -> Any:
    if "|" in kind:
        return {"enum": kind.split("|")}
    return _schema(rules()["kinds"][kind])
