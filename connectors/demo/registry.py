"""What the invented model registry tells of a model: versions, events, runs, gates."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from connectors.demo.learning import LearnedModel
from connectors.demo.model_history import Candidate, Life, Training
from connectors.demo.readings import Readings
from connectors.demo.simulation import instant
from connectors.demo.told import Told
from data.model import CheckKind, CheckState, ModelEventKind, RunResult

_HOUR = 3600
GROUP_GAP = "group_gap"
"""Metric: how far the best and the worst served group of people lie apart."""
_CASES = 40
_PARAMETERS = 9


def digest_of(seed: int, dataset: str, at: int) -> str:
    """Hash of what a dataset held on the day of an instant."""
    key = f"{seed}/{dataset}/{at // 86_400}"
    return hashlib.sha256(key.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Registry:
    """Tells of one model's life."""

    seed: int
    url: str
    life: Life
    readings: Readings
    commit_at: Callable[[str, int], str | None]
    """Hash of the newest commit of a repository at an instant."""
    is_withheld: Callable[[str, int], bool]
    """Whether runs of a model that began at an instant may not be read."""
    until_at: int

    def tell(self) -> Iterator[Told]:
        """Everything, in no order."""
        for training in self.life.trainings:
            if not self.is_withheld(self.life.model.name, training.started_at):
                yield self._run(training)
                yield from self._values(training)
        for candidate in self.life.candidates:
            yield self._version(candidate)
            yield from self._gates(candidate)
            yield from self._candidate_events(candidate)
        yield from self._champions()
        yield from self._stages()
        yield from self._deletion()

    @property
    def _model(self) -> LearnedModel:
        return self.life.model

    def _run(self, training: Training) -> Told:
        lacks, model = training.lacks, self._model
        sha = None if "commit" in lacks else self.commit_at(model.repository, training.started_at)
        datasets = [
            name
            if "digest" in lacks
            else f"{name}@{digest_of(self.seed, name, training.started_at)}"
            for name in model.datasets
        ]
        fields = {
            "id": self._run_id(training),
            "url": self._address("runs", training.number),
            "experiment": model.name,
            "name": f"{model.name}-{training.number}",
            "result": training.result.value,
            "started_at": training.started_at,
            "finished_at": training.ended_at,
            "started_by": self.life.trainer,
            "repository": model.repository,
            "sha": sha,
            "is_clean": None if sha is None else True,
            "datasets": datasets,
            "parameter_count": 0 if "parameters" in lacks else _PARAMETERS,
            "has_seed": "seed" not in lacks,
            "has_environment": "packages" not in lacks,
        }
        return Told(training.ended_at, "training_run", fields)

    def _values(self, training: Training) -> Iterator[Told]:
        if training.result is not RunResult.SUCCESS:
            return
        off = round(0.02 + abs(training.value - self._model.level), 4)
        values = {self._model.metric: training.value, "calibration_error": off}
        if self._model.compares_groups:
            values[GROUP_GAP] = round(off / 2, 4)
        for metric, value in values.items():
            fields = {
                "id": f"{self._run_id(training)}/{metric}",
                "url": self._address("runs", training.number),
                "run": self._run_id(training),
                "metric": metric,
                "value": value,
                "dataset": "test",
                "evaluated_at": training.ended_at,
            }
            yield Told(training.ended_at, "evaluation", fields)

    def _version(self, candidate: Candidate) -> Told:
        model, number = self._model, candidate.number
        fields = {
            "id": f"model/{model.name}/{number}",
            "url": self._address("versions", number),
            "model": model.name,
            "version": str(number),
            "number": number,
            "created_at": candidate.registered_at,
            "run": self._run_id(candidate.training),
            "artifact": self._address("files", number),
            "status": "READY",
            "created_by": self.life.trainer,
        }
        gone_after_at, gone_at = self._gone(number)
        if gone_at is None:
            return Told(candidate.registered_at, "model_version", fields)
        fields |= {"gone_after_at": gone_after_at, "gone_before_at": gone_at}
        return Told(gone_at, "model_version", fields)

    def _gates(self, candidate: Candidate) -> Iterator[Told]:
        for attempt, (at, state) in enumerate(candidate.gates, start=1):
            failed = {CheckState.FAIL: 4, CheckState.WARN: 1}.get(state, 0)
            fields = {
                "id": f"model/{self._model.name}/{candidate.number}/gate/{attempt}",
                "url": self._address("versions", candidate.number),
                "name": "acceptance",
                "kind": CheckKind.GATE.value,
                "state": state.value,
                "checked_at": at,
                "invocation": f"{self._model.name}-{candidate.number}-{attempt}",
                "model": self._model.name,
                "version": str(candidate.number),
                "failures": failed,
                "rows": _CASES,
                "message": f"{failed} of {_CASES} cases failed" if failed else None,
            }
            yield Told(at, "data_check", fields)

    def _candidate_events(self, candidate: Candidate) -> Iterator[Told]:
        version = str(candidate.number)
        yield self._event(candidate.registered_at, ModelEventKind.CREATED, None, version)
        if candidate.challenger_at is not None:
            yield self._event(candidate.challenger_at, ModelEventKind.ALIAS, "challenger", version)
        if candidate.approved_at is not None:
            yield self._event(
                candidate.approved_at, ModelEventKind.TAG, "approval", version,
                value="granted", actor=candidate.approved_by,
            )  # fmt: skip

    def _champions(self) -> Iterator[Told]:
        before: str | None = None
        for serving in self.life.servings:
            version = str(serving.candidate.number)
            yield self._event(
                serving.from_at, ModelEventKind.ALIAS, "champion", version,
                previous=before, actor=self.life.trainer,
            )  # fmt: skip
            before = version

    def _stages(self) -> Iterator[Told]:
        """The version that got the stage and kept it while the alias went on."""
        since = self._model.stage_since
        if since is None:
            return
        at = instant(since) + 9 * _HOUR
        served = [s for s in self.life.servings if s.from_at < at]
        if served:
            version = str(served[-1].candidate.number)
            yield self._event(at, ModelEventKind.STAGE, None, version, value="Production")

    def _deletion(self) -> Iterator[Told]:
        gone_after_at, _ = self._gone(1)
        if gone_after_at is not None:
            yield self._event(gone_after_at, ModelEventKind.DELETED, None, "1")

    def _gone(self, number: int) -> tuple[int | None, int | None]:
        """Between which readings a version went, if the second of them has been."""
        deletes = self._model.deletes
        if deletes is None or number > 1:
            return None, None
        after_at, before_at = self.readings.around(instant(deletes) + 10 * _HOUR)
        return (after_at, before_at) if before_at < self.until_at else (None, None)

    def _event(
        self, at: int, kind: ModelEventKind, name: str | None, version: str, **more: str | None
    ) -> Told:
        after_at, before_at = self.readings.around(at)
        key = f"{kind.value}/{name or '-'}/{version}/{before_at}"
        fields = {
            "id": f"model/{self._model.name}#{key}",
            "url": self._address("versions", version),
            "model": self._model.name,
            "version": version,
            "kind": kind.value,
            "name": name,
            "occurred_after_at": after_at,
            "occurred_before_at": before_at,
            **more,
        }
        return Told(before_at, "model_event", fields)

    def _run_id(self, training: Training) -> str:
        return f"run/{self._model.name}/{training.number}"

    def _address(self, *path: object) -> str:
        return "/".join(map(str, (self.url, self._model.name, *path)))
