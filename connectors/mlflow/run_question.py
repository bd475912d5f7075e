"""Questions for training runs, and what can be told of an answer before it is understood."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from connectors.http.paging import Page
from connectors.http.retry import http_date
from connectors.interface import Json
from connectors.mlflow.run_cursor import mark_of

RUNNING = "RUNNING"
_RUNS_A_PAGE = 1000
_A_SECOND_MS = 1000
"""A date in a header is cut off to the second."""


@dataclass(frozen=True, slots=True)
class RunQuestion:
    """A list of runs."""

    experiments: Sequence[str]
    since_ms: int | None = None
    filter: str | None = None
    is_running_only: bool = False
    view: str = "ACTIVE_ONLY"

    def body(self) -> dict[str, Json]:
        """What is posted."""
        # In this order what is new comes last: the list grows, and does not shift.
        order = "start_time" if self.since_ms is None else "end_time"
        since = None if self.since_ms is None else f"attributes.end_time >= {self.since_ms}"
        body: dict[str, Json] = {
            "experiment_ids": list(self.experiments),
            "max_results": _RUNS_A_PAGE,
            "order_by": [f"attributes.{order} ASC"],
            "run_view_type": self.view,
        }
        running = f"attributes.status = '{RUNNING}'" if self.is_running_only else None
        asked = self.filter or running or since
        return {**body, "filter": asked} if asked else body


def info_of(run: Json) -> Mapping[str, Json]:
    """What is told of a run itself; nothing, if that is not what it should be."""
    info = run.get("info") if isinstance(run, dict) else None
    return info if isinstance(info, dict) else {}


def key_of(run: Json) -> str:
    """What a run is called."""
    return str(info_of(run).get("run_id") or mark_of(run))


def end_of(run: Json) -> int:
    """When a run ended, in milliseconds; 0 if it has not, or that cannot be understood."""
    told = str(info_of(run).get("end_time"))
    return int(told) if told.isdecimal() else 0


def chunks(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """The items, some at a time."""
    return (items[start : start + size] for start in range(0, len(items), size))


def is_one_of(runs: Iterable[str]) -> str:
    """The condition that a run is one of some; an id that is none could be no condition."""
    told = ", ".join(f"'{run}'" for run in runs if re.fullmatch(r"[\w-]+", run))
    return f"attributes.run_id IN ({told})"


def is_at(question: RunQuestion, bookmark: Mapping[str, Json] | None) -> bool:
    """Whether a bookmark is a page of the list."""
    if bookmark is None:
        return False
    params = {name: value for name, value in bookmark["params"].items() if name != "page_token"}
    return params == question.body()


def now_ms(page: Page) -> float | None:
    """The time by the server's clock when it answered; null if it does not tell."""
    told = http_date(page.reply.headers.get("Date", ""))
    return told.timestamp() * 1000 + _A_SECOND_MS if told else None
