"""What the user's rules would make of the newest things of a repository, before any is stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from connectors.answers.page import read_page
from connectors.hosting.place import Place
from connectors.hosting.reader import Reader
from connectors.interface import Batch, Candidate
from data.model import Deployment, Incident, PipelineRun, Record, TaskRun, Version


def previewed(readers: Iterable[Reader], place: Place, most: int) -> Iterator[Candidate]:
    """Yields the newest candidates of each kind of stream that can tell deployments or incidents.

    Args:
        readers: all kinds; those that tell neither are passed over.
        place: the repository.
        most: candidates a kind.
    """
    for reader in readers:
        if {"deployment", "incident"} & set(reader.entities):
            first = next(reader.sample(place, most), None)
            if isinstance(first, Batch):
                yield from _newest(reader, place, first, most)


def _newest(reader: Reader, place: Place, batch: Batch, most: int) -> Sequence[Candidate]:
    header, answers = read_page(batch.payload)
    rows = list(reader.rows(header, answers))
    taken = [row for row in rows if isinstance(row, Deployment | Incident)]
    known = {row.url for row in taken} | {_run_of(row) for row in taken}
    others = [row for row in rows if row.url not in known and row.id not in known]
    found = [
        *(_candidate(place, row) for row in taken),
        *filter(None, (_left(place, row) for row in others)),
        *reader.left_out(answers, place, {row.id for row in taken}),
    ]
    return sorted(found, key=lambda candidate: candidate.at, reverse=True)[:most]


def _run_of(row: Record) -> str:
    """The row of the run that a deployment belongs to."""
    return f"{row.run}/{row.attempt}" if isinstance(row, Deployment) else row.id


def _candidate(place: Place, row: Deployment | Incident) -> Candidate:
    if isinstance(row, Incident):
        state = "withdrawn" if row.is_withdrawn else "resolved" if row.resolved_at else "open"
        on = f" of {row.service}" if row.service else ""
        return Candidate(place.name, row.title, row.started_at, row.url, f"incident{on}, {state}")
    what = f"deployment of {row.service} to {row.environment}, {row.status}"
    return Candidate(place.name, row.title, row.deployed_at, row.url, what)


def _left(place: Place, row: Record) -> Candidate | None:
    """What no rule takes; null for rows that were never candidates."""
    told: tuple[str, datetime | None] | None = None
    if isinstance(row, PipelineRun):
        told = f"run {row.pipeline}, attempt {row.attempt}", row.created_at
    elif isinstance(row, TaskRun):
        told = f"job {row.name} of {row.pipeline}", row.started_at
    elif isinstance(row, Version):
        told = f"tag {row.name}", row.tagged_at
    if told is None or told[1] is None:
        return None
    return Candidate(place.name, told[0], told[1], row.url, None)
