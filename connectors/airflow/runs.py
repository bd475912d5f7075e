"""The stream of runs: all of them, then those that changed, each with its tasks.

A run is asked for by the time it changed, which the server filters by and does not tell. So the
mark from which to ask next comes from the times that it does tell, as they were when the reading
began: what changes meanwhile is read the next time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from connectors.airflow.api import AirflowApi
from connectors.airflow.lists import by_cursors, by_offsets, items_of
from connectors.airflow.naming import Naming
from connectors.airflow.newest import CHANGED, PATH, Newest, newest
from connectors.airflow.open_runs import OpenRuns
from connectors.airflow.run_rows import run_rows
from connectors.airflow.tasks import Tasks, Told, gone
from connectors.answers.moment import moment
from connectors.answers.page import read_page
from connectors.http.errors import Refused
from connectors.http.paging import PagedList
from connectors.interface import Batch, Cursor, Json, Stream
from data.model import Gap, Record

STREAM = Stream(
    "runs", ("pipeline_run", "task_run", "gap"), "the role Viewer: to read DAG runs, task instances"
)

_DESCRIBED = "/api/v2/dags/{dag_id}/dagRuns"
_NEVER = "2999-01-01T00:00:00Z"
_IGNORED = "it sends all runs each time"

State = dict[str, Any]


class Runs:
    """Reads runs and tasks of all DAGs."""

    def __init__(
        self, api: AirflowApi, naming: Naming, tell: Callable[[int], None] = lambda _: None
    ) -> None:
        """Prepares; asks nothing.

        Args:
            api: the server.
            naming: names rows and gaps.
            tell: told how many runs were read.
        """
        self._api = api
        self._naming = naming
        self._tell = tell
        self._tasks = Tasks(api)
        self._refused: Refused | None = None
        """Why tasks could not be read."""

    def pull(self, cursor: Cursor) -> Iterator[Batch | Gap]:
        """Yields runs that changed since; all, where the server cannot filter."""
        state: State = dict(cursor)
        if not state.get("has_tasks", True):
            self._refused = self._tasks.refusal()
            state = state if self._refused else {}
        if "bookmark" in state:
            yield from self._read(state, frozenset())
        else:
            seen = newest(self._api, can_filter=not self._unknown)
            if state.get("seen") == seen.digest:
                yield from self._closed(state, seen.runs)
            else:
                yield from self._read(self._begun(state, seen), seen.runs)
        yield from self._gaps(state)

    def rows(self, payload: bytes) -> Sequence[Record]:
        """Maps one page."""
        header, answers = read_page(payload)
        return list(run_rows(self._naming, header, answers))

    def _begun(self, state: State, seen: Newest) -> State:
        """The state at the beginning of a reading."""
        marks = [mark for mark in (state.get("since"), seen.since) if mark is not None]
        # Where a backup was restored, what is newest is older than what was known.
        since = min(marks, key=moment) if state.get("since") and not self._unknown else None
        state.update(
            {"seen": seen.digest, "since": seen.since, "from": since, "bookmark": None}
            | {"open": state.get("open", []), "has_tasks": state.get("has_tasks", True)}
        )
        state["is_ignored"] = since is not None and self._is_ignored()
        return state

    def _read(self, state: State, seen: Collection[tuple[str, str]]) -> Iterator[Batch]:
        """The runs that changed since the mark of the last reading, with their tasks."""
        known, done = OpenRuns(state["open"]), 0
        for page in self._listed(state["from"]).pages(self._api, state["bookmark"]):
            known.learn(page.items)
            state.update(bookmark=page.bookmark, open=known.kept)
            done += len(page.items)
            for told, is_last in _with_last(self._tasks.of(page.items)):
                self._note(state, told)
                is_over = page.is_last and is_last
                if is_over:
                    del state["bookmark"], state["from"]
                yield Batch(told.payload, dict(state), is_last=is_over)
            self._tell(done)
        yield from self._closed(state, {*seen, *known.told})

    def _closed(self, state: State, seen: Collection[tuple[str, str]]) -> Iterator[Batch]:
        """Runs that were open and of which nothing was heard, if they are over by now."""
        known = OpenRuns(state["open"])
        for run in known.over(self._api, seen):
            state["open"] = known.kept
            for told in self._tasks.of([run]):
                self._note(state, told)
                yield Batch(told.payload, dict(state), is_last=True)
        if known.gone:
            state["open"] = known.kept
            yield Batch(gone(known.gone), dict(state), is_last=True)

    def _note(self, state: State, told: Told) -> None:
        self._refused = told.refused or self._refused
        state["has_tasks"] = state["has_tasks"] and told.refused is None

    def _listed(self, since: str | None) -> PagedList:
        params: dict[str, Json] = {"order_by": "id", CHANGED: since}
        names = ("dag_id", "dag_run_id")
        has_cursor = not self._api.description.unknown(_DESCRIBED, ["cursor"])
        make = by_cursors if has_cursor and self._api.description.is_known else by_offsets
        return make(PATH, "dag_runs", names, params)

    @property
    def _unknown(self) -> frozenset[str]:
        return self._api.description.unknown(_DESCRIBED, [CHANGED])

    def _is_ignored(self) -> bool:
        """Whether the server finds runs that changed in a far future."""
        reply = self._api.get(PATH, {CHANGED: _NEVER, "limit": 1})
        return bool(items_of(reply.json(), "dag_runs"))

    def _gaps(self, state: State) -> Iterator[Gap]:
        if self._unknown or state.get("is_ignored"):
            yield self._naming.filter_ignored(STREAM.name, [CHANGED], _IGNORED)
        if self._refused:
            yield self._refused.gap(self._naming.prefix, self._naming.source, "tasks")


def _with_last(items: Iterator[Told]) -> Iterator[tuple[Told, bool]]:
    """Each with whether it is the last."""
    item = next(items, None)
    while item is not None:
        following = next(items, None)
        yield item, following is None
        item = following
