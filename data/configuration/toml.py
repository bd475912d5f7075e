"""How a text is written into `cairn.toml`."""

from __future__ import annotations

import json


def quoted(text: str) -> str:
    """A text as TOML writes it, which is nearly as JSON does."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
