"""One archived page: a line on what was asked for, then the answers as sent."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from connectors.answers.private import without_private
from connectors.interface import Json

Header = Mapping[str, Json]
"""What the mapping must know beside the answers; JSON-able, without the time of reading."""

_SIZES = "answer_bytes"


def write_page(header: Header, *answers: bytes) -> bytes:
    """Joins header and answers; the same ones give the same page.

    Mail addresses and tokens in the answers are hidden; all else stays as it was sent.
    """
    kept = [without_private(answer) for answer in answers]
    sized = {**header, _SIZES: [len(answer) for answer in kept]}
    line = json.dumps(sized, separators=(",", ":"), sort_keys=True).encode()
    return b"\n".join([line, *kept])


def read_page(payload: bytes) -> tuple[Header, Sequence[Json]]:
    """Header and parsed answers of what `write_page` wrote.

    Raises:
        ValueError: if an answer is no JSON.
    """
    line, _, rest = payload.partition(b"\n")
    header = json.loads(line)
    answers = []
    for size in header.pop(_SIZES):
        answers.append(json.loads(rest[:size]))
        rest = rest[size + 1 :]
    return header, answers
