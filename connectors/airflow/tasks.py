"""The tasks of some runs: asked for together, and in groups that fit into a page of the archive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from connectors.airflow.api import API, AirflowApi
from connectors.airflow.lists import Posted, by_posted_offsets, total
from connectors.airflow.page import kept
from connectors.answers.page import write_page
from connectors.http.errors import Refused
from connectors.http.paging import PagedList
from connectors.interface import Json

PATH = f"{API}/dags/~/dagRuns/~/taskInstances/list"
MOST_TASKS = 5_000
"""A page of the archive with many more is told in parts."""

_NAMES = ("dag_id", "dag_run_id", "task_id", "map_index")


@dataclass(frozen=True, slots=True)
class Told:
    """Some runs with their tasks, as they are archived."""

    payload: bytes
    refused: Refused | None
    """Why the tasks are not there."""


class Tasks:
    """Asks for the tasks of runs."""

    def __init__(self, api: AirflowApi) -> None:
        self._api = api

    def refusal(self) -> Refused | None:
        """Why the account may not read tasks; null if it may."""
        try:
            self._api.post(PATH, {"page_limit": 1})
        except Refused as refused:
            return refused
        return None

    def of(self, runs: Sequence[Json]) -> Iterator[Told]:
        """Yields the runs with their tasks, in parts if these are many.

        Raises:
            HttpError: if the tasks cannot be had for another reason than a right.
        """
        try:
            yield from self._parts(runs)
        except Refused as refused:
            yield _told(runs, [], refused)

    def _parts(self, runs: Sequence[Json]) -> Iterator[Told]:
        listed = _listed(runs)
        if listed is None:
            yield _told(runs, [])
            return
        answers: list[bytes] = []
        for page in listed.pages(Posted(self._api)):
            found = total(page.reply) or 0
            if found > MOST_TASKS and len(runs) > 1:
                size = max(1, len(runs) * MOST_TASKS // found)
                for start in range(0, len(runs), size):
                    yield from self._parts(runs[start : start + size])
                return
            if not page.bookmark["params"]["page_offset"]:
                answers.clear()  # the list had shifted, and is read again
            answers.append(kept("task_instances", page.items))
        yield _told(runs, answers)


def _listed(runs: Sequence[Json]) -> PagedList | None:
    """The question for the tasks of runs; null where no run says which it is."""
    named = [run for run in runs if isinstance(run, dict)]
    body = {
        "dag_ids": sorted({run["dag_id"] for run in named if isinstance(run.get("dag_id"), str)}),
        "dag_run_ids": sorted(
            {run["dag_run_id"] for run in named if isinstance(run.get("dag_run_id"), str)}
        ),
        "order_by": "id",
    }
    if not body["dag_ids"] or not body["dag_run_ids"]:
        return None
    return by_posted_offsets(PATH, "task_instances", _NAMES, body)


def gone(names: Sequence[tuple[str, str]]) -> bytes:
    """A page on runs that the server no longer has, as it is archived."""
    return write_page({"has_tasks": True, "gone": [*map(list, names)]}, kept("dag_runs", []))


def _told(runs: Sequence[Json], tasks: Sequence[bytes], refused: Refused | None = None) -> Told:
    header = {"has_tasks": refused is None}
    return Told(write_page(header, kept("dag_runs", runs), *tasks), refused)
