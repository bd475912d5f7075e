"""The runs that changed last: whether there is news at all, and from when on to ask next time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.airflow.api import API
from connectors.airflow.lists import PAGE_SIZE, digest, items_of
from connectors.answers.moment import moment
from connectors.answers.understanding import UNREADABLE
from connectors.http.api import Api
from connectors.http.reply import Reply
from connectors.http.retry import server_now
from connectors.interface import Json

PATH = f"{API}/dags/~/dagRuns"
OVERLAP = timedelta(minutes=5)
"""How far the clocks of Airflow's machines may differ, and how late one may write a change."""

CHANGED = "updated_at_gte"
"""The filter by when a run changed."""

_EVER = "1970-01-01T00:00:00Z"
_TIMES = ("queued_at", "start_date", "end_date", "last_scheduling_decision")
"""Those that Airflow writes by its own clock; when a run changed is not told itself."""
_UNTOLD = frozenset({"duration"})
"""What grows with the time of asking."""


@dataclass(frozen=True, slots=True)
class Newest:
    """What was seen of them."""

    digest: str
    """What they are known by."""
    since: str | None
    """All that changes after they were seen changes from then on; null if none has a time."""
    runs: frozenset[tuple[str, str]]
    """DAG and id of each."""


def newest(api: Api, *, can_filter: bool) -> Newest:
    """Asks for those of the server.

    Args:
        api: the server.
        can_filter: whether it understands since when a run must have changed. Runs of which it
            does not know that are what some databases take for the newest.

    Raises:
        HttpError: if there is no usable answer.
        LookupError, TypeError: if the answer is no list of runs.
    """
    since = _EVER if can_filter else None
    reply = api.get(PATH, {"order_by": "-updated_at", "limit": PAGE_SIZE, CHANGED: since})
    runs = items_of(reply.json(), "dag_runs")
    known = [
        {name: told for name, told in run.items() if name not in _UNTOLD}
        for run in runs
        if isinstance(run, dict)
    ]
    names = ((run.get("dag_id"), run.get("dag_run_id")) for run in known)
    named = frozenset((str(dag), str(run)) for dag, run in names)
    return Newest(digest(known), _since(reply, known), named)


def _since(reply: Reply, runs: Sequence[Json]) -> str | None:
    """The last time that was told, but no later than the server's own clock says it is."""
    latest = max(_times(runs), default=None)
    if latest is None:
        return None
    # A machine whose clock is ahead must not make us deaf to the others.
    return (min(latest, server_now(reply.headers, latest)) - OVERLAP).isoformat()


def _times(runs: Sequence[Json]) -> Iterator[datetime]:
    for run in runs:
        for name in _TIMES:
            try:
                yield moment(run[name])
            except UNREADABLE:
                continue
