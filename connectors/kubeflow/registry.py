"""Models, their versions, and which of them an environment is told to serve."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from connectors.answers.page import Header
from connectors.api.fields import name_of, text_of
from connectors.interface import Json
from connectors.kubeflow.reading import ListsReader
from connectors.kubeflow.updated import CREATED, UPDATED, moment_of
from data.model import Model, ModelEvent, ModelEventKind, ModelVersion, Record

_ARCHIVED = "ARCHIVED"
_MODELS, _PLACES = "registered_models", "serving_environments"
_VERSIONS, _SERVICES = "model_versions", "inference_services"


@dataclass(frozen=True, slots=True)
class _What:
    """What happened, to an item of which list."""

    of: str
    kind: ModelEventKind
    name: str | None = None
    value: str | None = None
    previous: str | None = None


class Registry(ListsReader):
    """Reads the registry by the last change of each thing in it."""

    kind: ClassVar[str] = "registry"
    entities: ClassVar[tuple[str, ...]] = ("model", "model_version", "model_event", "gap")
    needs: ClassVar[str] = (
        "what the gateway before the registry asks for, such as `get` on its service"
    )
    is_remembered: ClassVar[bool] = True
    lists: ClassVar[Sequence[str]] = (_MODELS, _PLACES, _VERSIONS, _SERVICES)

    def facts_of(self, name: str, item: Json) -> Json:
        """What is kept of an item."""
        kept = ["name", "state"]
        if name == _VERSIONS:
            kept += ["registeredModelId"]
        if name == _SERVICES:
            kept += ["desiredState", "modelVersionId"]
        return {field: item.get(field) for field in kept}

    def page_of(self, name: str, items: Sequence[Json], known: Mapping[str, Any]) -> Json:
        """The items, each with what it was before and the names it leads to."""
        return [
            {
                "id": name_of(item),
                "item": item,
                "before": known[name].get(name_of(item) or ""),
                "model": _name(known[_MODELS], item.get("registeredModelId")),
                "version": _name(known[_VERSIONS], _served(item, known)),
                "previous": _name(known[_VERSIONS], _before(known, name, item)),
                "environment": _name(known[_PLACES], item.get("servingEnvironmentId")),
            }
            for item in items
        ]

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page: what changed of one list."""
        name = header["list"]
        make = {_MODELS: self._model, _VERSIONS: self._version, _SERVICES: self._service}.get(name)
        if make is not None:
            yield from self._api.mapped(name, answers[0], make)
            sent = [told["item"] for told in answers[0]]
            optional = ("desiredState",) if name == _SERVICES else ("state",)
            yield from self._api.unsent(name, sent, optional)

    def _model(self, told: Json) -> Iterator[Record]:
        item = told["item"]
        name = text_of(item, "name")
        yield Model(
            id=self._api.row_id("model", text_of(item, "id")),
            source=self._api.source,
            name=name,
            description=item.get("description"),
            created_at=moment_of(item[CREATED]),
            owner=item.get("owner"),
            is_archived=item.get("state") == _ARCHIVED,
        )
        yield from self._stage(told, _MODELS, name, None)

    def _version(self, told: Json) -> Iterator[Record]:
        item = told["item"]
        model, version = text_of(told, "model"), text_of(item, "name")
        yield ModelVersion(
            id=self._api.row_id("version", text_of(item, "id")),
            source=self._api.source,
            model=model,
            version=version,
            number=None,
            created_at=moment_of(item[CREATED]),
            run=None,
            status=item.get("state"),
            description=item.get("description"),
            created_by=item.get("author"),
        )
        if told["before"] is None:
            created = _What(_VERSIONS, ModelEventKind.CREATED)
            yield self._event(told, model, version, created, (item[CREATED], item[CREATED]))
        yield from self._stage(told, _VERSIONS, model, version)

    def _stage(self, told: Json, name: str, model: str, version: str | None) -> Iterator[Record]:
        """The change of a state: archived, or back. What began as live did not change."""
        state, before = told["item"].get("state"), told["before"] or {"state": "LIVE"}
        if state is not None and state != before["state"]:
            what = _What(name, ModelEventKind.STAGE, None, state, before["state"])
            yield self._event(told, model, version, what)

    def _service(self, told: Json) -> Iterator[Record]:
        """A version is served from now on, or no more."""
        item, before = told["item"], told["before"]
        state = item.get("desiredState")
        is_same = before is not None and (state, item.get("modelVersionId")) == (
            before["desiredState"],
            before["modelVersionId"],
        )
        if is_same or (before is None and state != "DEPLOYED"):
            return
        model = text_of(told, "model")
        environment = told["environment"] or f"environment {item.get('servingEnvironmentId')}"
        value = "deployed" if state == "DEPLOYED" else None
        what = _What(_SERVICES, ModelEventKind.SERVING, environment, value, told["previous"])
        yield self._event(told, model, told["version"], what)

    def _event(
        self,
        told: Json,
        model: str,
        version: str | None,
        what: _What,
        between: tuple[Json, Json] | None = None,
    ) -> ModelEvent:
        item, before = told["item"], told["before"]
        known = before and before["updated"] and str(before["updated"])
        after, until = between or (known or item[CREATED], item[UPDATED])
        return ModelEvent(
            id=self._api.row_id("event", what.kind.value, what.of, text_of(item, "id"), until),
            source=self._api.source,
            model=model,
            version=version,
            kind=what.kind.value,
            name=what.name,
            value=what.value,
            previous=what.previous,
            occurred_after_at=moment_of(after),
            occurred_before_at=moment_of(until),
        )


def _name(known: Mapping[str, Any], key: Json) -> str | None:
    return (known.get(str(key)) or {}).get("name")


def _served(service: Json, known: Mapping[str, Any]) -> Json:
    """The version that a service serves: the newest of the model, where it names none."""
    if "servingEnvironmentId" not in service or service.get("modelVersionId"):
        return service.get("modelVersionId")
    model = service.get("registeredModelId")
    own = [key for key, of in known[_VERSIONS].items() if of["registeredModelId"] == model]
    return max(own, key=int, default=None)


def _before(known: Mapping[str, Any], name: str, item: Json) -> Json:
    if name != _SERVICES:
        return None
    before = known[_SERVICES].get(name_of(item) or "") or {}
    return before.get("modelVersionId") if before.get("desiredState") == "DEPLOYED" else None
