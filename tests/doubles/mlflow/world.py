"""What an MLflow server holds, and what its users do to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

Item = dict[str, Any]


def milliseconds(at: datetime) -> int:
    return int((at - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(milliseconds=1))


@dataclass
class World:
    """Models, versions, experiments and runs, as the server would tell them."""

    at: datetime
    """The server's own clock; moves a minute with each thing that is made."""
    models: dict[str, Item] = field(default_factory=dict)
    versions: dict[tuple[str, str], Item] = field(default_factory=dict)
    experiments: dict[str, Item] = field(default_factory=dict)
    runs: dict[str, Item] = field(default_factory=dict)
    packages: dict[str, list[str]] = field(default_factory=dict)
    """Files of each logged model."""
    _numbers: dict[str, int] = field(default_factory=dict)
    """The newest of each model: that of a version that was deleted is not given again."""

    def now(self) -> int:
        self.at += timedelta(minutes=1)
        return milliseconds(self.at)

    def experiment(self, name: str) -> str:
        id = str(len(self.experiments))
        self.experiments[id] = {
            "experiment_id": id,
            "name": name,
            "artifact_location": f"/srv/artifacts/{id}",
            "lifecycle_stage": "active",
            "last_update_time": self.now(),
            "creation_time": self.now(),
        }
        return id

    def start(self, experiment: str, name: str, **tags: str) -> str:
        id, told = f"{len(self.runs) + 1:032x}", {**tags, "mlflow.runName": name}
        self.runs[id] = {
            "info": {
                "run_uuid": id,
                "experiment_id": experiment,
                "run_name": name,
                "user_id": "trainer",
                "status": "RUNNING",
                "start_time": self.now(),
                "artifact_uri": f"/srv/artifacts/{experiment}/{id}/artifacts",
                "lifecycle_stage": "active",
                "run_id": id,
            },
            "data": {"tags": [{"key": k, "value": v} for k, v in told.items()]},
            "inputs": {},
        }
        return id

    def log(self, run: str, metrics: Mapping[str, Any], params: Mapping[str, str]) -> None:
        data, at = self.runs[run]["data"], self.now()
        data["metrics"] = [
            {"key": key, "value": value, "timestamp": at, "step": 0}
            for key, value in metrics.items()
        ]
        data["params"] = [{"key": key, "value": value} for key, value in params.items()]

    def read(self, run: str, dataset: str, digest: str) -> None:
        given = self.runs[run]["inputs"].setdefault("dataset_inputs", [])
        told = {"name": dataset, "digest": digest, "source_type": "local", "source": "{}"}
        given.append({"tags": [], "dataset": told})

    def finish(self, run: str, status: str = "FINISHED", end: int | None = None) -> None:
        self.runs[run]["info"].update(status=status, end_time=end or self.now())

    def delete_run(self, run: str) -> None:
        self.runs[run]["info"]["lifecycle_stage"] = "deleted"

    def model(self, name: str, **tags: str) -> Item:
        at = self.now()
        self.models[name] = {
            "name": name,
            "creation_timestamp": at,
            "last_updated_timestamp": at,
        }
        if tags:
            self.models[name]["tags"] = [{"key": k, "value": v} for k, v in tags.items()]
        return self.models[name]

    def version(self, name: str, run: str | None = None, logged: str | None = None) -> str:
        number = self._numbers[name] = self._numbers.get(name, 0) + 1
        return self.add_version(name, str(number), run, logged)

    def add_version(
        self, name: str, number: str, run: str | None = None, logged: str | None = None
    ) -> str:
        at = self.now()
        self.versions[name, number] = {
            "name": name,
            "version": number,
            "creation_timestamp": at,
            "last_updated_timestamp": at,
            "current_stage": "None",
            "description": "",
            "source": f"models:/{logged}" if logged else f"/srv/artifacts/{run}/model",
            "run_id": run or "",
            "status": "READY",
            "run_link": "",
        }
        self.models[name]["last_updated_timestamp"] = at
        return number

    def alias(self, model: str, alias: str, version: str | None) -> None:
        """Sets, moves or removes an alias: no time anywhere tells of it."""
        told = [a for a in self.models[model].get("aliases", []) if a["alias"] != alias]
        told += [{"alias": alias, "version": version}] if version else []
        self._put(self.models[model], "aliases", sorted(told, key=lambda a: a["alias"]))

    def tag(self, model: str, version: str, key: str, value: str | None) -> None:
        """Sets or removes a tag of a version: no time tells of it either."""
        item = self.versions[model, version]
        told = [pair for pair in item.get("tags", []) if pair["key"] != key]
        self._put(item, "tags", told + ([{"key": key, "value": value}] if value else []))

    def stage(self, model: str, version: str, stage: str) -> None:
        item = self.versions[model, version]
        item.update(current_stage=stage, last_updated_timestamp=self.now())

    def delete_version(self, model: str, version: str) -> None:
        del self.versions[model, version]
        for told in list(self.models[model].get("aliases", [])):
            if told["version"] == version:
                self.alias(model, told["alias"], None)

    def delete_model(self, model: str) -> None:
        del self.models[model]
        self._numbers.pop(model, None)
        for key in [key for key in self.versions if key[0] == model]:
            del self.versions[key]

    def _put(self, item: Item, name: str, told: list[Item]) -> None:
        # The server leaves out a list that is empty.
        item.pop(name, None)
        if told:
            item[name] = told


Damage = Callable[[Item], Any]
