"""The stream of runs: of each project those that lived since it was read last."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from math import isfinite
from typing import Any, ClassVar

from connectors.answers.moment import moment, moment_or_none, stamp
from connectors.answers.page import Header, write_page
from connectors.api.connector import ApiReader
from connectors.api.fields import packed, text_of
from connectors.api.reader import Items
from connectors.api.source import ApiSource
from connectors.interface import Batch, Cursor, Json
from connectors.state_file import StateFile
from connectors.wandb.documents import PROJECTS, RUNS
from connectors.wandb.graphql import GraphQl, listed
from connectors.wandb.settings import Settings
from data.model import Evaluation, Record, RunResult, TrainingRun

_RESULTS = {
    "pending": RunResult.RUNNING,
    "running": RunResult.RUNNING,
    "preempting": RunResult.RUNNING,
    "preempted": RunResult.CANCELLED,
    "finished": RunResult.SUCCESS,
    "crashed": RunResult.FAILURE,
    "failed": RunResult.FAILURE,
    "killed": RunResult.CANCELLED,
}
_NOTHING: Mapping[str, Json] = {"top": "", "ids": [], "ahead": {}}
"""What is known of a project that was never read: the newest sign of life, the runs that bear it,
and the runs that bear one of the future."""
_INTERNAL = "_"
"""What the client logs by itself begins so."""


class Runs(ApiReader):
    """Reads runs by their last sign of life, newest first, until one that is known."""

    kind: ClassVar[str] = "runs"
    entities: ClassVar[tuple[str, ...]] = ("training_run", "evaluation", "gap")
    needs: ClassVar[str] = "an API key of a user who has the role View-Only in the team"
    page_size: ClassVar[int] = 50

    def __init__(self, api: ApiSource, settings: Settings) -> None:
        self._api = api
        self._settings = settings
        self._states = StateFile(api.context, api.source, self.kind)

    @property
    def is_wanted(self) -> bool:
        """Whether an entity is named."""
        return self._settings.entity is not None

    def look(self) -> None:
        """Asks for the projects, unless they are named, and for the runs of the first."""
        for project in self._projects()[:1]:
            next(self._listed(project).pages(GraphQl(self._api.http, RUNS)))

    def pull(self, cursor: Cursor | None) -> Items:
        """Yields runs that are new or lived on."""
        start = cursor or {}
        state: dict[str, Json] = dict(self._states.load(start.get("state")) or {})
        going: Json = start.get("going")
        for project in self._projects():
            known = {**_NOTHING, **state.get(project, {})}
            place = going if going and going["project"] == project else None
            top = place["top"] if place else _NOTHING
            now = self._api.context.clock().isoformat()
            is_told = place is not None
            for page in self._listed(project).pages(
                GraphQl(self._api.http, RUNS), place and place["bookmark"]
            ):
                top = _newest(top, page.items, now)
                news = [run for run in page.items if _is_news(run, known)]
                is_last = page.is_last or any(_lived(run) < known["top"] for run in page.items)
                if news or is_told:
                    body = write_page({"project": project}, packed([_reduced(run) for run in news]))
                    more = {"project": project, "bookmark": page.bookmark, "top": top}
                    if is_last:
                        state[project] = top
                    kept = {"state": self._states.save(state), "going": None if is_last else more}
                    is_told = True
                    yield Batch(body, kept)
                if is_last:
                    break

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page: runs of one project."""
        make = partial(self._run, header["project"])
        named = ({**run, "id": f"{header['project']}/{run.get('name')}"} for run in answers[0])
        yield from self._api.mapped("run", named, make)
        yield from self._api.unsent("run", answers[0], ("commit", "user", "summaryMetrics"))

    def _projects(self) -> Sequence[str]:
        if self._settings.projects:
            return self._settings.projects
        variables = {"entity": self._settings.entity, "perPage": 100}
        pages = listed(["models"], variables).pages(GraphQl(self._api.http, PROJECTS))
        return sorted(text_of(item, "name") for page in pages for item in page.items)

    def _listed(self, project: str) -> Any:
        order = {"order": "-heartbeat_at", "perPage": self.page_size}
        place = {"entity": self._settings.entity, "project": project}
        return listed(["project", "runs"], {**place, **order})

    def _run(self, project: str, told: Json) -> Iterator[Record]:
        result = _RESULTS[text_of(told, "state")]
        lived_at = moment_or_none(told.get("heartbeatAt"))
        keys = told["config_keys"]
        run_id = self._api.row_id("run", project, text_of(told, "name"))
        yield TrainingRun(
            id=run_id,
            source=self._api.source,
            experiment=project,
            name=text_of(told, "displayName"),
            result=result.value,
            started_at=moment(told["createdAt"]),
            finished_at=None if result is RunResult.RUNNING else lived_at,
            started_by=(told.get("user") or {}).get("username"),
            sha=told.get("commit"),
            parameter_count=None if keys is None else len(keys),
            has_seed=None if keys is None else any("seed" in key.lower() for key in keys),
        )
        at = lived_at or moment(told["createdAt"])
        for metric, value in sorted(json.loads(told.get("summaryMetrics") or "{}").items()):
            if metric.startswith(_INTERNAL) or not _is_measure(value):
                continue
            number = float(value) if isinstance(value, int | float) else None
            yield Evaluation(
                id=self._api.row_id("evaluation", project, told["name"], metric),
                source=self._api.source,
                run=run_id,
                model=None,
                version=None,
                metric=metric,
                value=number if number is not None and isfinite(number) else None,
                dataset=None,
                evaluated_at=at,
            )


def _is_measure(value: Json) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number or value in ("NaN", "Infinity", "-Infinity")


def _reduced(run: Json) -> Json:
    """A run with the names of what it was configured by: the values may be secrets."""
    rest = {name: of for name, of in run.items() if name != "config"}
    config = json.loads(run.get("config") or "null")
    keys = None if config is None else sorted(key for key in config if key != "_wandb")
    return {**rest, "config_keys": keys}


def _lived(run: Json) -> str:
    return stamp(run.get("heartbeatAt") or run["createdAt"])


def _is_news(run: Json, known: Mapping[str, Json]) -> bool:
    lived = _lived(run)
    if known["ahead"].get(run["id"]) == lived:
        return False
    return lived > known["top"] or (lived == known["top"] and run["id"] not in known["ids"])


def _newest(top: Json, runs: Sequence[Json], now: str) -> Json:
    for run in runs:
        lived = _lived(run)
        if lived > now:
            # By a clock that is ahead: what lives by the right one is older, and not yet known.
            top = {**top, "ahead": {**top["ahead"], run["id"]: lived}}
            continue
        if lived > top["top"]:
            top = {**top, "top": lived, "ids": []}
        if lived == top["top"]:
            top = {**top, "ids": sorted({*top["ids"], run["id"]})}
    return top
