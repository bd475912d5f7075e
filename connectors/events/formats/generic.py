"""JSON of any shape, mapped to rows by the settings of its source."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, get_origin

from connectors.events.fields import Misfit, as_text, found, needed, needed_time, text, time
from connectors.events.formats.interface import Event, Format, Headers, Scheme
from connectors.events.formats.mapping import CHOICES, DEFAULTS, Rule, columns_of
from connectors.events.row import row_of
from connectors.events.told import Told
from connectors.interface import Json
from data.model import Record
from data.model.schema import Column

_MAY_LIE_AHEAD = frozenset({"from_at", "until_at", "slot_at"})
"""Times of a stretch that a row is about."""


class Generic(Format):
    """JSON objects, and rules that say what they mean."""

    name: ClassVar[str] = "json"
    schemes: ClassVar[tuple[Scheme, ...]] = (Scheme.BEARER, Scheme.HUB)
    entities: ClassVar[tuple[str, ...]] = tuple(DEFAULTS)

    def __init__(self, rules: Sequence[Rule], id: str | None, at: str | None) -> None:
        self._rules = rules
        self._id = id
        self._at = at

    def event_id(self, headers: Headers, body: Json) -> str:  # noqa: ARG002
        """What is at the configured path, else the hash of the body."""
        if not isinstance(body, dict):
            raise Misfit("the event is no object")
        if self._id is not None:
            return needed(body, self._id)
        return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()

    def occurred_at(self, body: Json) -> str | None:
        """The latest of what is at the configured path and of the times that rows would bear."""
        mapped = [_latest(rule, body) for rule in self._meant(body)]
        return max(filter(None, [self._told_at(body), *mapped]), default=None)

    def tell(self, prefix: str, event: Event) -> Iterator[Told]:
        """What each rule makes of it that is about such events."""
        at = self._told_at(event.body) or as_text(event.received_at)
        for rule in self._meant(event.body):
            key = needed(event.body, rule.id) if rule.id else event.id
            facts = {**DEFAULTS[rule.entity], **rule.constants, **_fields(rule, event.body)}
            yield Told(rule.entity, f"{prefix}{rule.entity}/{key}", at, facts)

    def row(self, kind: str, id: str, source: str, facts: Mapping[str, Json]) -> Record | None:
        """A deployment without a title is called by its service and version."""
        if kind == "deployment" and "title" not in facts:
            title = f"{facts.get('service')} {facts.get('version') or ''}".strip()
            facts = {**facts, "title": title}
        return row_of(kind, id, source, facts)

    def _told_at(self, body: Json) -> str | None:
        return needed_time(body, self._at) if self._at is not None else None

    def _meant(self, body: Json) -> Iterator[Rule]:
        """The rules that are about such events."""
        for rule in self._rules:
            if all(text(body, path) == value for path, value in rule.when.items()):
                yield rule


def _latest(rule: Rule, body: Json) -> str | None:
    """The latest of the times of a row that tell what happened, and not what is planned."""
    columns = columns_of(rule.entity)
    times = [
        time(body, path)
        for name, path in rule.fields.items()
        if columns[name].kind is datetime and name not in _MAY_LIE_AHEAD
    ]
    return max(filter(None, times), default=None)


def _fields(rule: Rule, body: Json) -> dict[str, Json]:
    """What an event has at the paths of a rule; what is not there is not told."""
    columns = columns_of(rule.entity)
    told = {}
    for name, path in rule.fields.items():
        value = _value(columns[name], body, path)
        if value is not None:
            meant = rule.values.get(name, {})
            told[name] = _chosen(rule.entity, name, meant.get(str(value), value), path)
    return told


def _value(column: Column, body: Json, path: str) -> Any:
    """The value at a path, as its column takes it."""
    if column.kind is datetime:
        return time(body, path)
    if get_origin(column.kind) is tuple:
        value = found(body, path)
        if value is not None and not isinstance(value, list):
            raise Misfit(f"`{path}` is no list")
        return None if value is None else [needed(value, str(n)) for n in range(len(value))]
    if column.kind is str:
        return text(body, path)
    return _number(column.kind, found(body, path), path)


def _number(kind: object, value: Json, path: str) -> bool | int | float | None:
    if value is None or (kind is bool and isinstance(value, bool)):
        return value
    if kind is bool or isinstance(value, bool):
        raise Misfit(f"`{path}` is neither true nor false" if kind is bool else f"`{path}` is one")
    try:
        if kind is int and str(value) == str(int(value)):
            return int(value)
        if kind is float:
            return float(value)
    except (TypeError, ValueError, OverflowError):
        pass
    raise Misfit(f"`{path}` is no {'whole ' if kind is int else ''}number")


def _chosen(entity: str, column: str, value: Json, path: str) -> Json:
    choices = CHOICES.get((entity, column))
    if choices is not None and value not in [choice.value for choice in choices]:
        words = ", ".join(choices)
        raise Misfit(f"`{path}` is {str(value)[:40]!r}, but `{column}` is one of {words}")
    return value
