"""What real GitHub once answered, through the readers that ask for it today.

Skipped where the recordings are not at hand; see `recordings.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import pytest

from data.errors import CairnError
from data.model import (
    Deployment,
    Environment,
    Gap,
    GapReason,
    MemberAccess,
    Pipeline,
    PipelineRun,
    Record,
    Repository,
    SecurityFinding,
    TaskRun,
)
from tests.connectors.github.past import Past, Read, Told
from tests.connectors.github.recordings import Recording, are_here, recorded

pytestmark = pytest.mark.skipif(
    not are_here(), reason="CAIRN_CONTRACTS names no folder with GitHub's recorded answers"
)

REPOSITORY = "/repos/{owner}/{repo}"
RUNS = f"{REPOSITORY}/actions/runs"


@dataclass(frozen=True)
class Case:
    """Answers that one reader asks for, and the rows that it makes of them."""

    name: str
    stream: str
    templates: Sequence[str]
    """The paths whose recordings are taken."""
    told: Callable[[Recording], Told]
    """What is answered: the recording, or a list of what it holds."""
    items: Callable[[Any], Sequence[Any]]
    """What a recorded answer holds."""
    named: Callable[[Any], str]
    """Tells which item it is."""
    row: type[Record]
    names: Callable[[Any], str]
    """Tells the same of its row."""
    recent: int
    """Rows that come of recordings since 2023."""
    of_old: int
    """Rows that come of older ones."""
    unread: int = 0
    """Recordings of old that cannot be read, which is told in one line."""
    settings: Any = field(default_factory=dict)


def itself(seen: Recording) -> Told:
    return {seen.path: seen.answer()}


def single(seen: Recording) -> Told:
    """The list that something recorded alone is on."""
    return {seen.path.rpartition("/")[0]: [seen.told]}


def at(path: str) -> Callable[[Recording], Told]:
    """A list of the same shape, told where the reader asks."""
    return lambda seen: {f"repos/{seen.repository}/{path}": seen.answer()}


def alone(name: str, path: str) -> Callable[[Recording], Told]:
    """Something recorded alone, in the list that the reader asks for."""
    return lambda seen: {
        f"repos/{seen.repository}/{path}": {"total_count": 1, name: [seen.told]},
    }


def findings(stream: str, scan: str, recent: int, of_old: int = 0) -> list[Case]:
    """Alerts of a repository, alone, and of an organisation, which are told alike."""
    listed, one = f"{REPOSITORY}/{scan}/alerts", f"{REPOSITORY}/{scan}/alerts/{{alert_number}}"
    number, rows = (lambda item: str(item["number"])), (lambda row: row.number)
    told = (stream, SecurityFinding, number, rows)
    return [
        _case(f"{scan} alerts", told, [listed], itself, list, recent - 2, of_old),
        _case(f"one {scan} alert", told, [one], single, lambda answer: [answer], 2),
    ]


def _case(
    name: str,
    told: tuple[str, type[Record], Callable[[Any], str], Callable[[Any], str]],
    templates: Sequence[str],
    answers: Callable[[Recording], Told],
    items: Callable[[Any], Sequence[Any]],
    recent: int,
    of_old: int = 0,
    unread: int = 0,
    **settings: Any,
) -> Case:
    stream, row, named, names = told
    return Case(
        name, stream, templates, answers, items, named, row, names, recent, of_old, unread, settings
    )
