"""Turns a page of workflow runs into rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from connectors.answers.moment import moment
from connectors.answers.page import Header
from connectors.answers.understanding import LATE, UNREADABLE
from connectors.github.asking import Asking, row_id
from connectors.github.pipelines.run_attempt import Attempt
from connectors.github.pipelines.run_windows import MOST_LISTED
from connectors.interface import Json
from data.model import Gap, GapReason, Record


def run_rows(asking: Asking, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
    """Rows of a page; what of it cannot be read is a gap, and the rest stands."""
    repository = header["repository"]
    runs = list(answers[0]["workflow_runs"])
    jobs: dict[tuple[int, int], list[Json]] = defaultdict(list)
    for (kind, run, attempt), answer in zip(header["parts"], answers[1:], strict=True):
        if kind == "jobs":
            jobs[run, attempt] += answer["jobs"]
        else:
            runs.append(answer)
    for place, run in enumerate(runs):
        try:
            attempt = Attempt(asking, repository, run)
            yield from attempt.rows()
        except UNREADABLE as error:
            yield _unreadable(asking, repository, "run", run, place, error)
            continue
        for number, job in enumerate(jobs[run["id"], attempt.number]):
            try:
                yield from attempt.job_rows(job)
            except UNREADABLE as error:
                yield _unreadable(asking, repository, "job", job, number, error)
    yield from _missing(asking, header, answers[0].get("total_count", 0))


def _unreadable(
    asking: Asking, repository: str, kind: str, told: Json, place: int, error: Exception
) -> Gap:
    known = told.get("id") if isinstance(told, dict) else None
    key = known or f"number {place} of its page"
    what = f"{kind} {key} cannot be read: {type(error).__name__} {error}"
    gap = asking.gap(repository, f"{kind}/{key}", GapReason.UNREADABLE, what, LATE, 1)
    return replace(gap, about=row_id(repository, kind, key))


def _missing(asking: Asking, header: Header, total: int) -> Iterator[Gap]:
    """What GitHub no longer has, or does not list."""
    repository = header["repository"]
    for kind, run, attempt in header["missing"]:
        name = f"attempt {attempt}" if kind == "attempt" else f"jobs of attempt {attempt}"
        yield asking.gap(
            repository,
            f"run/{run}/{kind}/{attempt}",
            GapReason.MISSING_OBJECT,
            f"GitHub no longer has {name} of run {run}",
            "nothing: it was deleted there",
            1,
        )
    since, until = header.get("since"), header.get("until")
    if since and since == until and total > MOST_LISTED:
        count = total - MOST_LISTED
        second = f"{moment(since):%Y-%m-%d %H:%M:%S} UTC"
        what = f"of {total:,} runs made at {second} GitHub lists no more than {MOST_LISTED:,}"
        fix = "nothing: it lists no more of one second"
        yield asking.gap(repository, f"runs/{since}", GapReason.TRUNCATED, what, fix, count)
