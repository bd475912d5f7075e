"""Rows of one page of training runs."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from connectors.answers.page import read_page
from connectors.answers.understanding import LATE, UNREADABLE
from connectors.interface import Json
from connectors.mlflow.naming import moment, moment_or_none, pairs, part, run_id, text
from data.model import (
    Dataset,
    Evaluation,
    Gap,
    GapReason,
    LineageEdge,
    NodeKind,
    Record,
    RunResult,
    TrainingRun,
)

_RESULTS = {
    "FINISHED": RunResult.SUCCESS,
    "FAILED": RunResult.FAILURE,
    "KILLED": RunResult.CANCELLED,
    "RUNNING": RunResult.RUNNING,
    "SCHEDULED": RunResult.RUNNING,
}
_SEED = re.compile(r"(?i)seed|random_?state")
_INFINITE = 1.797e308
"""A server with a database tells infinity as the largest number that it can hold."""
_IMAGE_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def run_rows(source: str, payload: bytes) -> Iterator[Record]:
    """Maps a page of runs to runs, metrics, datasets, and what made what.

    Raises:
        ValueError: if it is no page of this connector.
    """
    header, answers = read_page(payload)
    teller = _Teller(source, header)
    rows: dict[tuple[type[Record], str], Record] = {}
    for run in (run for answer in answers for run in answer.get("runs", [])):
        try:
            told = list(teller.told(run))
        except UNREADABLE as error:
            told = [teller.unreadable(run, error)]
        # Two runs of a page may read the same data.
        rows |= {(type(row), row.id): row for row in told}
    yield from rows.values()
    yield from map(teller.missing, header.get("missing", []))


@dataclass(frozen=True, slots=True)
class _Teller:
    source: str
    header: Mapping[str, Json]

    def told(self, run: Json) -> Iterator[Record]:
        info, data = run["info"], run.get("data") or {}
        tags, name = pairs(data), text(info, "run_id")
        datasets = list(_datasets(run))
        yield self._run(info, pairs(data, "params"), tags, [used for used, _ in datasets])
        yield from self._evaluations(name, data.get("metrics") or [])
        for used, told in datasets:
            yield from self._dataset(name, used, told, info)
        if info.get("lifecycle_stage") == "deleted":
            yield self._gap(name, "deleted", f"run {name} made a version and is deleted", _RESTORE)

    def _run(
        self, info: Json, params: Mapping[str, str], tags: Mapping[str, str], datasets: list[str]
    ) -> TrainingRun:
        name, experiment = text(info, "run_id"), str(info["experiment_id"])
        told = self.header.get("environments", {}).get(name)
        return TrainingRun(
            id=run_id(self.source, name),
            source=self.source,
            url=self._url(experiment, name),
            experiment=self.header["experiments"].get(experiment, experiment),
            name=info.get("run_name") or tags.get("mlflow.runName") or name,
            result=_RESULTS[info["status"]],
            started_at=moment_or_none(info.get("start_time")),
            finished_at=moment_or_none(info.get("end_time")),
            started_by=tags.get("mlflow.user") or info.get("user_id") or None,
            repository=tags.get("mlflow.source.git.repoURL") or None,
            sha=tags.get("mlflow.source.git.commit") or None,
            is_clean=_truth(tags.get("mlflow.source.git.dirty"), {"false": True, "true": False}),
            datasets=tuple(sorted(set(datasets))),
            parameter_count=len(params),
            has_seed=any(_SEED.search(key) for key in params),
            has_environment=_kept_environment(tags) if told is None else told,
            image=_image(tags),
        )

    def _evaluations(self, run: str, metrics: Iterable[Json]) -> Iterator[Evaluation]:
        last: dict[str, Json] = {}
        for metric in metrics:
            key = text(metric, "key")
            if key not in last or _when(last[key]) <= _when(metric):
                last[key] = metric
        for key, metric in last.items():
            yield Evaluation(
                id=f"{run_id(self.source, run)}/metric/{part(key)}",
                source=self.source,
                run=run_id(self.source, run),
                model=None,
                version=None,
                metric=key,
                value=_number(metric.get("value")),
                dataset=_used(metric.get("dataset_name"), metric.get("dataset_digest")),
                evaluated_at=moment(metric["timestamp"]),
            )

    def _dataset(self, run: str, used: str, told: Json, info: Json) -> Iterator[Record]:
        name = text(told, "name")
        yield Dataset(
            id=f"mlflow:{self.source}#dataset/{part(name)}",
            source=self.source,
            name=name,
            kind=told.get("source_type") or None,
            owner=None,
            description=None,
            is_source=None,
        )
        yield LineageEdge(
            id=f"mlflow:{self.source}#edge/{part(used)}/{part(run)}",
            source=self.source,
            from_kind=NodeKind.DATASET,
            from_name=name,
            from_digest=told.get("digest") or None,
            to_kind=NodeKind.RUN,
            to_name=run_id(self.source, run),
            run=run_id(self.source, run),
            seen_at=moment_or_none(info.get("start_time")),
        )

    def missing(self, run: str) -> Gap:
        """That a run behind a version, or one that was running, is not to be had."""
        what = f"run {run} is not to be had: deleted for good, or in an experiment without rights"
        return self._gap(run, "missing", what, "give the account the right to read experiments")

    def unreadable(self, run: Json, error: Exception) -> Gap:
        """That a run could not be understood."""
        info = run.get("info") if isinstance(run, dict) else None
        name = str((info or {}).get("run_id"))
        said = f"{type(error).__name__} {error}"[:160]
        what = f"run {name} could not be understood: {said}"
        return self._gap(name, "unreadable", what, LATE, GapReason.UNREADABLE)

    def _gap(
        self,
        run: str,
        key: str,
        what: str,
        fix: str,
        reason: GapReason = GapReason.MISSING_OBJECT,
    ) -> Gap:
        about = run_id(self.source, run)
        return Gap(
            id=f"{about}/{key}",
            source=self.source,
            reason=reason,
            what=what,
            fix=fix,
            count=1,
            about=about,
        )

    def _url(self, experiment: str, run: str) -> str | None:
        pages = self.header["pages"]
        if pages is None:
            return None
        return f"{pages}/#/experiments/{quote(experiment)}/runs/{quote(run)}"


_RESTORE = "restore it before the server clears it away, or the version cannot be traced"


def _datasets(run: Json) -> Iterator[tuple[str, Json]]:
    for given in (run.get("inputs") or {}).get("dataset_inputs") or []:
        told = given["dataset"]
        yield _used(told.get("name"), told.get("digest")) or "", told


def _used(name: str | None, digest: str | None) -> str | None:
    if not name:
        return None
    return f"{name}@{digest}" if digest else name


def _when(metric: Json) -> tuple[int, int]:
    return int(metric.get("step") or 0), int(metric.get("timestamp") or 0)


def _number(told: Json) -> float | None:
    """The value; null for what is no number or without bounds."""
    value = math.nan if told is None else float(told)
    return value if abs(value) < _INFINITE else None


def _truth(told: str | None, meaning: Mapping[str, bool]) -> bool | None:
    return meaning.get((told or "").lower())


def _kept_environment(tags: Mapping[str, str]) -> bool | None:
    """What servers before version 3 tell of the models of a run; null if it logged none."""
    told = tags.get("mlflow.log-model.history")
    if told is None:
        return None
    models = json.loads(told)
    return any(
        bool((model.get("flavors") or {}).get("python_function", {}).get("env")) for model in models
    )


def _image(tags: Mapping[str, str]) -> str | None:
    told = (tags.get("mlflow.docker.image.id"), tags.get("mlflow.docker.image.uri"))
    found = (_IMAGE_DIGEST.search(text or "") for text in told)
    return next((match[0] for match in found if match), None)
