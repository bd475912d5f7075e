"""Runs of experiments, with the values and parameters they logged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from typing import Any, ClassVar

from connectors.answers.page import Header
from connectors.api.fields import name_of, text_of
from connectors.hosting.placing import key_of
from connectors.http.paging import Ask, PagedList, by_cursor
from connectors.interface import Json
from connectors.kubeflow.reading import ListsReader
from connectors.kubeflow.updated import API, UPDATED, moment_of
from data.model import Evaluation, Record, RunResult, TrainingRun

_EXPERIMENTS, _RUNS = "experiments", "experiment_runs"
_RESULTS = {
    "SCHEDULED": RunResult.RUNNING,
    "RUNNING": RunResult.RUNNING,
    "FINISHED": RunResult.SUCCESS,
    "FAILED": RunResult.FAILURE,
    "KILLED": RunResult.CANCELLED,
}


class Runs(ListsReader):
    """Reads runs by their last change, and the artifacts of each."""

    kind: ClassVar[str] = "runs"
    entities: ClassVar[tuple[str, ...]] = ("training_run", "evaluation", "gap")
    needs: ClassVar[str] = (
        "what the gateway before the registry asks for, such as `get` on its service"
    )
    lists: ClassVar[Sequence[str]] = (_EXPERIMENTS, _RUNS)

    def facts_of(self, name: str, item: Json) -> Json:
        """What is kept of an item."""
        return {"name": item.get("name")} if name == _EXPERIMENTS else {}

    def page_of(self, name: str, items: Sequence[Json], known: Mapping[str, Any]) -> Json:
        """The runs, each with the name of its experiment and its artifacts."""
        if name == _EXPERIMENTS:
            return [{"id": name_of(item), "item": item} for item in items]
        names = known[_EXPERIMENTS]
        return [
            {
                "id": name_of(item),
                "item": item,
                "experiment": (names.get(str(item.get("experimentId"))) or {}).get("name"),
                "artifacts": self._artifacts(name_of(item)),
            }
            for item in items
        ]

    def _artifacts(self, run: str | None) -> list[Json]:
        if run is None:
            return []
        listed = PagedList(
            Ask(f"{API}{_RUNS}/{run}/artifacts", {"pageSize": 100}),
            by_cursor("nextPageToken", lambda page: page.get("nextPageToken") or None),
            items=lambda page: page["items"],
            key=lambda item: f"{item.get('artifactType')} {key_of(item)}",
        )
        return [item for page in listed.pages(self._api.http) for item in page.items]

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page: runs of experiments."""
        if header["list"] == _RUNS:
            yield from self._api.mapped("run", answers[0], self._run)

    def _run(self, told: Json) -> Iterator[Record]:
        item, artifacts = told["item"], told["artifacts"]
        result = _RESULTS[item.get("status") or "RUNNING"]
        of = {kind: [a for a in artifacts if a.get("artifactType") == kind] for kind in _KINDS}
        run_id = self._api.row_id("run", text_of(item, "id"))
        yield TrainingRun(
            id=run_id,
            source=self._api.source,
            experiment=told["experiment"] or f"experiment {item['experimentId']}",
            name=name_of(item, "name", "id") or "",
            result=result.value,
            started_at=_moment_or_none(item.get("startTimeSinceEpoch")),
            finished_at=_moment_or_none(item.get("endTimeSinceEpoch")),
            started_by=item.get("owner"),
            datasets=tuple(
                f"{a.get('name')}@{a.get('digest') or ''}" for a in of["dataset-artifact"]
            ),
            parameter_count=len(of["parameter"]),
            has_seed=any("seed" in str(a.get("name")).lower() for a in of["parameter"]),
        )
        for metric in of["metric"]:
            yield self._evaluation(run_id, metric)

    def _evaluation(self, run_id: str, metric: Json) -> Evaluation:
        value = metric.get("value")
        is_number = isinstance(value, int | float) and isfinite(value)
        return Evaluation(
            id=self._api.row_id("evaluation", text_of(metric, "id")),
            source=self._api.source,
            run=run_id,
            model=None,
            version=None,
            metric=text_of(metric, "name"),
            value=float(value) if is_number else None,
            dataset=None,
            evaluated_at=moment_of(metric.get("timestamp") or metric[UPDATED]),
        )


_KINDS = ("metric", "parameter", "dataset-artifact")


def _moment_or_none(told: Json) -> Any:
    return moment_of(told) if told not in (None, "", "0") else None
