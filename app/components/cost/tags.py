"""Tags of a charge as people write them: `env=prod, team=pay`."""

from __future__ import annotations

import json


def tags_told(text: str | None) -> str | None:
    """The tags, in the order of their names.

    Args:
        text: as the bill has them, in JSON.

    Returns:
        None, if there is none; the text as it stands, if it is not in the form of FOCUS.
    """
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return text
    if not isinstance(found, dict):
        return text if found else None
    named = (f"{name}={_word(found[name])}" for name in sorted(found))
    return ", ".join(named) or None


def _word(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)
