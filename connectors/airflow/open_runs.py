"""The runs that were not over when they were read last: a clock that lags may hide their end."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from urllib.parse import quote

from connectors.airflow.api import API
from connectors.http.api import Api
from connectors.http.errors import NotFound
from connectors.interface import Json

MOST = 20
"""More are not asked for one by one: that is for a few that were missed."""
_LONGEST = 300
"""A longer name would not fit into a cursor; in characters."""
_OPEN = ("queued", "running")

Name = tuple[str, str]
"""DAG and id of a run."""


class OpenRuns:
    """Those that are known."""

    def __init__(self, kept: Sequence[Sequence[str]]) -> None:
        """Takes what an earlier `kept` was."""
        self._open: dict[Name, None] = dict.fromkeys((dag, run) for dag, run in kept)
        self.told: set[Name] = set()
        """Those that `learn` heard of."""
        self.gone: list[Name] = []
        """Those that `over` did not find."""

    @property
    def kept(self) -> list[list[str]]:
        """The oldest of them; JSON-able, for the cursor."""
        fitting = [[dag, run] for dag, run in self._open if len(dag) + len(run) <= _LONGEST]
        return fitting[:MOST]

    def learn(self, runs: Sequence[Json]) -> None:
        """Takes note of runs as they are told."""
        for run in runs:
            name = _name(run)
            if name is None:
                continue
            self.told.add(name)
            if run.get("state") in _OPEN:
                self._open[name] = None
            else:
                self._open.pop(name, None)

    def over(self, api: Api, seen: Collection[Name]) -> Iterator[Json]:
        """Asks for each that was not seen, and yields it if it is over.

        Raises:
            HttpError: if a run cannot be had for another reason.
        """
        for name in [name for name in self._open if name not in seen]:
            dag, run = (quote(part, safe="") for part in name)
            try:
                told = api.get(f"{API}/dags/{dag}/dagRuns/{run}").json()
            except NotFound:
                self._open.pop(name)
                self.gone.append(name)
                continue
            self.learn([told])
            if name not in self._open:
                yield told


def _name(run: Json) -> Name | None:
    told = run if isinstance(run, dict) else {}
    dag, name = told.get("dag_id"), told.get("dag_run_id")
    return (dag, name) if isinstance(dag, str) and isinstance(name, str) else None
