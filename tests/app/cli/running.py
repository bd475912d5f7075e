"""Runs the command line in this process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from app.cli.main import cairn


def run(folder: Path, *arguments: str) -> Result:
    """Runs `cairn` in-process on a folder."""
    return CliRunner().invoke(cairn, ["--data", str(folder), *arguments])


def answer(folder: Path, *arguments: str) -> dict[str, Any]:
    """The JSON answer of a verb that must succeed."""
    result = run(folder, *arguments, "--format", "json")
    assert result.exit_code == 0, result.stderr
    document: dict[str, Any] = json.loads(result.stdout)
    return document
