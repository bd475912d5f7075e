"""One archived page: a line about the files in it and how they are meant, then their contents."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from connectors.files.file import File
from connectors.interface import Json

Meaning = Mapping[str, Json]
"""What the settings say about how the files are meant; JSON-able."""


def write_page(meaning: Meaning, files: Sequence[File]) -> bytes:
    """Joins files; the same ones give the same page."""
    about = [
        {
            "path": file.path,
            "bytes": len(file.data),
            "sha": file.sha,
            "changed_at": file.changed_at.isoformat() if file.changed_at else None,
        }
        for file in files
    ]
    line = json.dumps({"meaning": meaning, "files": about}, sort_keys=True).encode()
    return b"\n".join([line, *(file.data for file in files)])


def read_page(payload: bytes) -> tuple[Meaning, Sequence[File]]:
    """What `write_page` wrote."""
    line, _, rest = payload.partition(b"\n")
    header = json.loads(line)
    files = []
    start = 0
    for about in header["files"]:
        end = start + about["bytes"]
        at = about["changed_at"]
        changed_at = datetime.fromisoformat(at) if at else None
        files.append(File(about["path"], rest[start:end], about["sha"], changed_at))
        start = end + 1
    return header["meaning"], files
