"""MLflow's webhooks of its model registry.

https://mlflow.org/docs/latest/ml/webhooks/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar
from urllib.parse import urlsplit

from connectors.events.fields import Misfit, needed, needed_time, text
from connectors.events.formats.interface import Event, Format, Headers, Scheme
from connectors.events.told import Told
from connectors.interface import Json
from data.model import ModelEventKind

_TEST_MODEL = "example_model"
"""What MLflow sends when somebody tries a webhook."""
_CREATED, _DELETED, _SET = "created", "deleted", "set"


class MLflow(Format):
    """Models and versions that are registered, and aliases and tags that are set and taken away."""

    name: ClassVar[str] = "mlflow"
    schemes: ClassVar[tuple[Scheme, ...]] = (Scheme.MLFLOW,)
    kept_headers: ClassVar[tuple[str, ...]] = ("x-mlflow-delivery-id",)
    entities: ClassVar[tuple[str, ...]] = ("model", "model_version", "model_event")

    def event_id(self, headers: Headers, body: Json) -> str:
        """The id of the delivery."""
        needed(body, "entity")
        return needed(headers, "x-mlflow-delivery-id")

    def occurred_at(self, body: Json) -> str | None:
        """Its time."""
        return needed_time(body, "timestamp")

    def tell(self, prefix: str, event: Event) -> Iterator[Told]:
        """What happened, and the model or version that is new."""
        body, at = event.body, needed_time(event.body, "timestamp")
        what = needed(body, "entity"), needed(body, "action")
        if text(body, "data.name") == _TEST_MODEL:
            return
        if what == ("registered_model", _CREATED):
            yield _model(prefix, body, at)
            yield _happened(prefix, body, at, ModelEventKind.CREATED)
        elif what == ("model_version", _CREATED):
            yield _version(prefix, body, at)
            new = needed(body, "data.version")
            yield _happened(prefix, body, at, ModelEventKind.CREATED, version=new)
        elif what[0] == "model_version_alias":
            is_set = _is_set(what[1], _CREATED)
            version = needed(body, "data.version") if is_set else None
            alias = needed(body, "data.alias")
            yield _happened(prefix, body, at, ModelEventKind.ALIAS, name=alias, version=version)
        elif what[0] in ("model_version_tag", "registered_model_tag"):
            value = text(body, "data.value") or "" if _is_set(what[1], _SET) else None
            version = needed(body, "data.version") if what[0] == "model_version_tag" else None
            tag = {"name": needed(body, "data.key"), "value": value, "version": version}
            yield _happened(prefix, body, at, ModelEventKind.TAG, **tag)


def _model(prefix: str, body: Json, at: str) -> Told:
    name = needed(body, "data.name")
    facts = {"name": name, "description": text(body, "data.description"), "created_at": at}
    return Told("model", f"{prefix}model/{name}", at, facts)


def _version(prefix: str, body: Json, at: str) -> Told:
    model, version = needed(body, "data.name"), needed(body, "data.version")
    facts = {
        "model": model,
        "version": version,
        "number": int(version) if version.isascii() and version.isdigit() else None,
        "created_at": at,
        "artifact": _without_credentials(text(body, "data.source")),
        "description": text(body, "data.description"),
    }
    return Told("model_version", f"{prefix}version/{model}/{version}", at, facts)


def _happened(prefix: str, body: Json, at: str, kind: ModelEventKind, **facts: Any) -> Told:
    """An event of a model: the hook tells its time, and not who did it."""
    model = needed(body, "data.name")
    about = (facts.get("version") or "", facts.get("name") or "")
    id = "/".join((f"{prefix}event", model, kind.value, *about, at))
    times = {"occurred_after_at": at, "occurred_before_at": at}
    known = {"model": model, "kind": kind.value, **facts, **times}
    return Told("model_event", id, at, known, is_whole=True)


def _is_set(action: str, wanted: str) -> bool:
    if action not in (wanted, _DELETED):
        raise Misfit(f"`action` is {action[:40]!r}, neither {wanted} nor {_DELETED}")
    return action == wanted


def _without_credentials(address: str | None) -> str | None:
    if address is None:
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
