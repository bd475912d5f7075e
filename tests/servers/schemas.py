"""Schemas of formats that Cairn writes, as their publishers give them away.

They are not kept here. `make test` fetches them into `.servers/schemas`, or `CAIRN_SCHEMAS` names a
folder; each is taken only with the hash below. Without them the tests against them are skipped.
"""

from __future__ import annotations

import hashlib
import json
import os
from enum import Enum
from functools import cache
from pathlib import Path

import jsonschema_rs
import pytest

_PROJECT = Path(__file__).resolve().parents[2]


class Schema(Enum):
    """Name of the file, and its SHA-256."""

    OSCAL = "oscal-1.2.1", "4f9e277a177adbcca9527612ce450a33dc6096773fa229d413d801d196c61985"
    """NIST, OSCAL 1.2.1, assessment results; in the public domain."""
    SARIF = "sarif-2.1.0", "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"
    """OASIS, SARIF 2.1.0 with its first errata."""


@cache
def validator(schema: Schema) -> jsonschema_rs.Validator:
    """What judges documents by it; the test is skipped if it is not there."""
    name, sha256 = schema.value
    folder = Path(os.environ.get("CAIRN_SCHEMAS", _PROJECT / ".servers" / "schemas"))
    path = folder / f"{name}.json"
    if not path.exists():
        pytest.skip(f"there is no schema at {path}: `make test` fetches it")
    content = path.read_bytes()
    assert hashlib.sha256(content).hexdigest() == sha256, f"{path} is another schema"
    return jsonschema_rs.validator_for(json.loads(content), validate_formats=True)
