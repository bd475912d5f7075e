"""compliance-trestle, which judges OSCAL documents that Cairn writes.

It is not among what the tests are installed with: `make test` installs it below `.servers/trestle`,
or `CAIRN_TRESTLE` names its Python.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

_PYTHON = Path(__file__).resolve().parents[2] / ".servers" / "trestle" / "bin" / "python"
_SECONDS = 120

_JUDGE = """
import json, logging, pathlib, sys
from trestle.cli import Trestle
logging.disable(logging.CRITICAL)
def run(*words):
    sys.argv = ["trestle", *words]
    try:
        return Trestle().run()
    except SystemExit as end:
        return end.code
assert run("init", "--local") == 0
verdicts = {}
for path in sorted(pathlib.Path("assessment-results").glob("*/assessment-results.json")):
    verdicts[path.parent.name] = run("validate", "-f", str(path))
pathlib.Path("verdicts.json").write_text(json.dumps(verdicts))
"""


def accepted(folder: Path, documents: Mapping[str, bytes]) -> dict[str, bool]:
    """Whether `trestle validate` takes each document; skipped if trestle is not there."""
    python = Path(os.environ.get("CAIRN_TRESTLE", _PYTHON))
    if not python.exists():
        pytest.skip(f"there is no trestle at {python}: install it with `make test`")
    for name, document in documents.items():
        path = folder / "assessment-results" / name / "assessment-results.json"
        path.parent.mkdir(parents=True)
        path.write_bytes(document)
    asked = [str(python), "-c", _JUDGE]
    ended = subprocess.run(asked, cwd=folder, capture_output=True, timeout=_SECONDS, check=False)
    assert ended.returncode == 0, ended.stderr.decode()[-2000:]
    verdicts = json.loads((folder / "verdicts.json").read_text())
    assert set(verdicts) == set(documents)
    return {name: code == 0 for name, code in verdicts.items()}
