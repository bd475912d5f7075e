"""compliance-trestle, and NIST's schema of OSCAL: two judges of documents that Cairn writes.

Neither is among what the tests are installed with. `make test` installs trestle below
`.servers/trestle`, or `CAIRN_TRESTLE` names its Python. The schema comes from NIST's own release
(public domain) into `.servers/oscal`, or `CAIRN_OSCAL_SCHEMA` names the file; it is taken only with
the hash below.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

_SERVERS = Path(__file__).resolve().parents[2] / ".servers"
_SCHEMA = _SERVERS / "oscal" / "oscal_assessment-results_schema-1.2.1.json"
_SHA256 = "4f9e277a177adbcca9527612ce450a33dc6096773fa229d413d801d196c61985"
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
    python = Path(os.environ.get("CAIRN_TRESTLE", _SERVERS / "trestle" / "bin" / "python"))
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


def schema() -> Any:
    """NIST's JSON schema of assessment results, 1.2.1; skipped if it is not there."""
    path = Path(os.environ.get("CAIRN_OSCAL_SCHEMA", _SCHEMA))
    if not path.exists():
        pytest.skip(f"there is no schema of OSCAL at {path}: `make test` fetches it")
    content = path.read_bytes()
    assert hashlib.sha256(content).hexdigest() == _SHA256, f"{path} is not NIST's schema of 1.2.1"
    return json.loads(content)
