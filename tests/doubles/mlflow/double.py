"""The answers of an MLflow server, as 3.17 and 2.22 gave them, and its troubles on demand."""

from __future__ import annotations

import base64
import copy
import json
import re
from collections.abc import Callable, Iterable, Mapping
from email.utils import format_datetime
from typing import Any

from tests.connectors.loopback import Answer, Asked, Reset, Said
from tests.doubles.mlflow.world import Item, World

_ROOT = "/api/2.0/mlflow/"
_MOST = {
    "registered-models/search": 1000,
    "model-versions/search": 200_000,
    "runs/search": 50_000,
    "experiments/search": 50_000,
}
_CONDITION = re.compile(r"attributes\.(\w+) (>=|=|IN) (.+)")


class MLflowDouble:
    """Answers from a world; called by a `LoopbackServer`."""

    def __init__(self, world: World, token: str | None = None, version: str = "3.17.2") -> None:
        self.world = world
        self.token = token
        self.version = version
        self.trouble: list[Said] = []
        """What the next questions get instead of an answer."""
        self.refused: dict[str, tuple[int, int]] = {}
        """Path to status and first page that is refused."""
        self.forbidden: set[str] = set()
        """Experiments and models that may not be read."""
        self.sealed: set[str] = set()
        """Experiments that are listed, and whose runs may not be read."""
        self.has_filters = True
        self.is_gone = False
        self.is_gitlab = False
        self.damage: Callable[[str, Item], Any] = lambda kind, item: item
        """What becomes of each item on its way out."""
        self.most: dict[str, int] = {}
        """Fewer items a page than are asked for."""
        self.asked: list[str] = []
        self.between: Callable[[str], object] = lambda path: None
        """Called before each answer."""
        self._sorted: tuple[int, list[Item]] | None = None

    def __call__(self, asked: Asked) -> Said:
        if self.is_gone:
            return Reset()
        if self.trouble:
            return self.trouble.pop(0)
        path = asked.path.partition(_ROOT)[2] or asked.path
        self.asked.append(path)
        self.between(path)
        if self.token and asked.headers.get("authorization") != f"Bearer {self.token}":
            said = asked.headers.get("authorization")
            return _error(401, "PERMISSION_DENIED", f"no, {said}")
        if path == "/version":
            return Answer(200, self.version.encode(), self._date())
        params = asked.json if asked.method == "POST" else asked.params
        first = offset_of(params.get("page_token")) == 0
        status, page = self.refused.get(path, (0, 0))
        if status and (page == 1 or not first):
            return _error(status, "PERMISSION_DENIED", f"no, {asked.headers['authorization']}")
        answer = self._answer(path, params)
        return Answer(answer.status, answer.body, {**answer.headers, **self._date()})

    def _date(self) -> dict[str, str]:
        return {"Date": format_datetime(self.world.at, usegmt=True)}

    def _answer(self, path: str, params: Mapping[str, Any]) -> Answer:
        answers: dict[str, Callable[[], Answer]] = {
            "registered-models/search": lambda: self._models(path, params),
            "registered-models/get": lambda: self._model_named(params["name"]),
            "model-versions/search": lambda: self._listed_versions(path, params),
            "model-versions/get": lambda: self._version_named(params["name"], params["version"]),
            "experiments/search": lambda: self._experiments(path, params),
            "experiments/get": lambda: self._experiment_named(params["experiment_id"]),
            "runs/search": lambda: self._runs(path, params),
            "runs/get": lambda: self._run_named(params["run_id"]),
        }
        if path in answers:
            return answers[path]()
        if found := re.fullmatch(r"logged-models/([\w-]+)/artifacts/directories", path):
            files = self.world.packages.get(found[1], [])
            return Answer.json({"files": [{"path": name, "is_dir": False} for name in files]})
        return _error(404, "ENDPOINT_NOT_FOUND", "404 Not Found")

    def _models(self, path: str, params: Mapping[str, Any]) -> Answer:
        items = [self._model(name) for name in self._seen(self.world.models)]
        return self._page(path, params, "registered_models", items)

    def _listed_versions(self, path: str, params: Mapping[str, Any]) -> Answer:
        if self.is_gitlab:
            return _error(404, "ENDPOINT_NOT_FOUND", "404 Not Found")
        return self._page(path, params, "model_versions", self._versions())

    def _experiments(self, path: str, params: Mapping[str, Any]) -> Answer:
        seen = self._seen(self.world.experiments)
        items = [self.world.experiments[id] for id in seen]
        return self._page(path, params, "experiments", items)

    def _experiment_named(self, id: str) -> Answer:
        if id not in self.world.experiments:
            return _error(404, "RESOURCE_DOES_NOT_EXIST", f"No Experiment with id={id} exists")
        if id in self.forbidden:
            return _error(403, "PERMISSION_DENIED", "Permission denied")
        return Answer.json({"experiment": self.world.experiments[id]})

    def _run_named(self, name: str) -> Answer:
        run = self.world.runs.get(name)
        if run is None:
            return _error(404, "RESOURCE_DOES_NOT_EXIST", f"Run with id={name} not found")
        if run["info"]["experiment_id"] in self.forbidden:
            return _error(403, "PERMISSION_DENIED", "Permission denied")
        return Answer.json({"run": run})

    def _seen(self, things: Iterable[str]) -> list[str]:
        """Those that may be read: a server leaves out the others in silence."""
        return [name for name in things if name not in self.forbidden]

    def _model(self, name: str) -> Item:
        model = dict(self.world.models[name])
        newest: dict[str, Item] = {}
        if len(self.world.versions) < 1000:
            for item in (v for k, v in self.world.versions.items() if k[0] == name):
                newest[item["current_stage"]] = item
        latest = list(newest.values())
        if self.is_gitlab:
            model.pop("aliases", None)
            latest = latest[-1:]
        return model | ({"latest_versions": copy.deepcopy(latest)} if latest else {})

    def _versions(self) -> list[Item]:
        if self._sorted is None or self._sorted[0] != len(self.world.versions):
            found = sorted(
                self.world.versions.values(),
                key=lambda v: (v["creation_timestamp"], v["name"], v["version"]),
            )
            self._sorted = (len(found), found)
        return [v for v in self._sorted[1] if v["name"] not in self.forbidden]

    def _version_named(self, name: str, version: str) -> Answer:
        if name in self.forbidden:
            return _error(403, "PERMISSION_DENIED", "Permission denied")
        item = self.world.versions.get((name, version))
        if item is None:
            return _error(404, "RESOURCE_DOES_NOT_EXIST", f"Model Version {name} not found")
        aliases = self.world.models[name].get("aliases", [])
        mine = [told["alias"] for told in aliases if told["version"] == version]
        return Answer.json({"model_version": item | ({"aliases": mine} if mine else {})})

    def _model_named(self, name: str) -> Answer:
        if name in self.forbidden:
            return _error(403, "PERMISSION_DENIED", "Permission denied")
        if name not in self.world.models:
            return _error(404, "RESOURCE_DOES_NOT_EXIST", f"Registered Model {name} not found")
        return Answer.json({"registered_model": self._model(name)})

    def _runs(self, path: str, params: Mapping[str, Any]) -> Answer:
        ids = params["experiment_ids"][: 1 if self.is_gitlab else None]
        if any(id in self.forbidden | self.sealed for id in ids):
            return _error(403, "PERMISSION_DENIED", "Permission denied")
        view = params.get("run_view_type", "ACTIVE_ONLY")
        stages = {"ACTIVE_ONLY": {"active"}, "DELETED_ONLY": {"deleted"}}.get(view, ())
        runs = [
            run
            for run in self.world.runs.values()
            if run["info"]["experiment_id"] in ids
            and (not stages or run["info"]["lifecycle_stage"] in stages)
            and self._fits(run["info"], params.get("filter"))
        ]
        by = (params.get("order_by") or ["attributes.start_time DESC"])[0]
        name, _, way = by.removeprefix("attributes.").partition(" ")
        order = sorted(runs, key=lambda run: run["info"].get(name) or 0, reverse=way == "DESC")
        return self._page(path, params, "runs", order)

    def _fits(self, info: Item, condition: str | None) -> bool:
        if condition is None or self.is_gitlab or not self.has_filters:
            return True
        found = _CONDITION.fullmatch(condition)
        assert found is not None, condition
        name, operator, told = found.groups()
        if operator == ">=":
            return name in info and info[name] >= int(told)
        wanted = re.findall(r"'([^']*)'", told)
        return info.get(name) in wanted

    def _page(self, path: str, params: Mapping[str, Any], of: str, items: list[Item]) -> Answer:
        size = int(params.get("max_results", 100))
        if size > _MOST[path]:
            return _error(400, "INVALID_PARAMETER_VALUE", f"Invalid value {size}")
        size = min(size, self.most.get(path, size))
        start = offset_of(params.get("page_token"))
        shown = [self.damage(of, copy.deepcopy(item)) for item in items[start : start + size]]
        body: Item = {of: shown} if shown else {}
        if start + size < len(items):
            body["next_page_token"] = token_of(start + size)
        return Answer.json(body)


def token_of(offset: int) -> str:
    return base64.b64encode(json.dumps({"offset": offset}).encode()).decode()


def offset_of(token: str | None) -> int:
    return int(json.loads(base64.b64decode(token))["offset"]) if token else 0


def _error(status: int, code: str, message: str) -> Answer:
    return Answer.json({"error_code": code, "message": message}, status)
