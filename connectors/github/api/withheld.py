"""What GitHub sends and nobody keeps: secrets, mail addresses, where somebody was."""

from __future__ import annotations

import json
import re

from connectors.interface import Json

_NAMES = re.compile(
    r"(?i)(.*_)?(secret|e?mail|password)|.*hashed_token|actor_(ip|location)|user_agent"
    r"|device_cookie|external_identity_.*|gravatar_id|invitee"
)


def without_withheld(answer: Json) -> Json:
    """The answer without the fields that tell it, at any depth."""
    if isinstance(answer, dict):
        return {
            name: without_withheld(value)
            for name, value in answer.items()
            if not _NAMES.fullmatch(name)
        }
    if isinstance(answer, list):
        return [without_withheld(value) for value in answer]
    return answer


def to_archive(answer: Json) -> bytes:
    """The answer as it is archived; the same answer gives the same bytes."""
    return json.dumps(without_withheld(answer), separators=(",", ":")).encode()
