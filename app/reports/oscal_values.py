"""What OSCAL makes documents of: ids, tokens, properties. Its rules: NIST, data types of 1.2."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from app.reports.plain import line

NAMESPACE = UUID("bcfcffb1-e39d-561a-8fe6-a639910faab9")
"""Of all ids that Cairn exports. It never changes: an id is the same in the next export."""
NS = "urn:cairn:oscal"
"""Namespace of the properties that are Cairn's own."""

_NO_TOKEN = re.compile(r"[^A-Za-z0-9_.-]+")


def identifier(*parts: object) -> str:
    """A UUID of version 5 that these parts always have, and others never."""
    return str(uuid5(NAMESPACE, json.dumps([str(part) for part in parts], ensure_ascii=True)))


def token(text: object) -> str:
    """A word that may name something: letters, digits, `.`, `-` and `_`."""
    word = _NO_TOKEN.sub("-", str(text)).strip("-")
    return word if re.match(r"[A-Za-z_]", word) else f"_{word}"


def prop(name: str, value: object, kind: str | None = None) -> dict[str, str]:
    """A property of Cairn's own."""
    said = {"name": token(name), "ns": NS, "value": line(value)}
    return {**said, "class": kind} if kind else said


def told(content: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is not there: OSCAL has no null and no empty list."""
    return {key: value for key, value in content.items() if value not in (None, [], {}, ())}
