"""Gaps for what an answer lacks that was asked for: GitHub tells it as errors beside the data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectors.github.api.question import lacks
from connectors.github.asking import Asking
from connectors.interface import Json
from data.model import Gap, GapReason

_FIXES = {
    GapReason.NO_PERMISSION: "give the token the right to read this, then sync; check runs are "
    "shown to apps and classic tokens, and not to fine-grained tokens"
}
_BELOW = len(("data", "repository"))
_NULL = (GapReason.UNREADABLE, "GitHub tells null where something is")
_FIX = "sync again; if it stays, GitHub may be unwell"


def lacking(
    asking: Asking, repository: str, kind: str, needs: str, answers: Sequence[Json]
) -> Iterator[Gap]:
    """A gap for each part that is missing in the answers of a page.

    Args:
        asking: names the gaps.
        repository: full name of the repository.
        kind: of the stream that asked.
        needs: the rights the stream needs, in GitHub's words.
        answers: those of the page.
    """
    found = {part: _NULL for answer in answers for part in _nulls(answer, ())}
    found |= {part: told for answer in answers for part, told in lacks(answer).items()}
    for part, (reason, said) in found.items():
        what = f"{kind} lack {part or 'parts'}: {said}"
        fix = f"{_FIXES[reason]} ({needs})" if reason in _FIXES else _FIX
        yield asking.gap(repository, f"{kind}/{part}", reason, what, fix)


def _nulls(value: Json, path: Sequence[str]) -> Iterator[str]:
    """Lists that hold nulls, by their paths below the repository."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _nulls(inner, (*path, name))
    elif isinstance(value, list):
        if None in value:
            yield ".".join(path[_BELOW:])
        for inner in value:
            yield from _nulls(inner, path)
