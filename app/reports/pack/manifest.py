"""What a pack holds: each file with its hash, in a text that can be logged and signed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

NAME = "manifest.json"
VERSION = 1


def manifest(files: Mapping[str, bytes], about: Mapping[str, str]) -> bytes:
    """The manifest of files, by their paths in the pack. The same files give the same bytes."""
    content: dict[str, Any] = {
        "version": VERSION,
        "about": dict(about),
        "files": {path: digest(files[path]) for path in sorted(files)},
    }
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


def digest(content: bytes) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()
