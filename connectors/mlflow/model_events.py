"""What happened to models and their versions between two readings of a registry."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote

from connectors.answers.understanding import UNREADABLE
from connectors.mlflow.naming import moment, pairs, part, text, text_or_none
from connectors.mlflow.state import Item
from data.model import ModelEvent, ModelEventKind, Record

Part = tuple[str, Iterator[Record]]
"""What is told, in a word, and its rows."""
_NO_STAGE = frozenset({"None", ""})


@dataclass(frozen=True, slots=True)
class EventTeller:
    """Tells events that lie between two readings."""

    source: str
    pages: str | None
    """Address of the server's pages; null where links are not known."""
    after_at: datetime | None
    before_at: datetime
    start: str
    """Stands in ids for the time of the reading before, where there is none."""

    def events(
        self, kind: str, before: Item | None, after: Item | None, prefix: str = ""
    ) -> Iterator[Part]:
        """What happened to a model or a version, in parts that can be understood on their own."""
        item = after or before or {}
        name = text(item, "name")
        version = None if kind == "model" else text(item, "version")
        if before is None:
            yield f"{prefix}created", self._created(name, version, item)
        if after is None:
            deleted = self._event(name, version, ModelEventKind.DELETED, None, None, None)
            yield f"{prefix}deleted", iter((deleted,))
        if version is None:
            yield f"{prefix}aliases", self._aliases(name, before, after)
        else:
            yield f"{prefix}stage", self._stages(name, version, before, after)
        if version is not None and after is not None:
            yield f"{prefix}tags", self._tags(name, version, before, after)

    def _aliases(self, name: str, before: Item | None, after: Item | None) -> Iterator[ModelEvent]:
        for alias, old, new in _differences(_aliases(before), _aliases(after)):
            yield self._event(name, new, ModelEventKind.ALIAS, alias, None, old)

    def _stages(
        self, name: str, version: str, before: Item | None, after: Item | None
    ) -> Iterator[ModelEvent]:
        old, new = _stage(before), _stage(after)
        if old != new:
            event = self._event(name, version, ModelEventKind.STAGE, None, new, old)
            yield self._not_before_it_was_made(event, before, after)

    def _tags(
        self, name: str, version: str, before: Item | None, after: Item
    ) -> Iterator[ModelEvent]:
        for key, old, new in _differences(pairs(before or {}), pairs(after)):
            event = self._event(name, version, ModelEventKind.TAG, key, new, old)
            yield self._not_before_it_was_made(event, before, after)

    def _not_before_it_was_made(
        self, event: ModelEvent, before: Item | None, after: Item | None
    ) -> ModelEvent:
        """The event, since its version was made if that is told late.

        The last reading may have skipped the version, as one before it was deleted meanwhile.
        """
        if before is not None or after is None or self.after_at is None:
            return event
        try:
            made_at = moment(after["creation_timestamp"])
        except UNREADABLE:
            return event
        return replace(event, occurred_after_at=min(self.after_at, made_at))

    def _created(self, name: str, version: str | None, item: Item) -> Iterator[ModelEvent]:
        """With the server's own time, so that it is the same however often it is told."""
        told = item["creation_timestamp"]
        at = moment(told)
        yield ModelEvent(
            id=f"mlflow:{self.source}#event/{part(name)}/{part(version or '-')}/created/{told}",
            source=self.source,
            url=self.url(name, version),
            model=name,
            version=version,
            kind=ModelEventKind.CREATED,
            name=None,
            value=None,
            previous=None,
            occurred_after_at=at,
            occurred_before_at=at,
            actor=text_or_none(item, "user_id"),
        )

    def _event(
        self,
        model: str,
        version: str | None,
        kind: ModelEventKind,
        name: str | None,
        value: str | None,
        previous: str | None,
    ) -> ModelEvent:
        since = self.after_at.isoformat() if self.after_at else self.start
        said = json.dumps([model, version, kind, name, value, previous, since])
        digest = hashlib.sha256(said.encode()).hexdigest()[:12]
        return ModelEvent(
            id=f"mlflow:{self.source}#event/{part(model)}/{part(version or '-')}/{kind}/{digest}",
            source=self.source,
            url=self.url(model, version),
            model=model,
            version=version,
            kind=kind,
            name=name,
            value=value,
            previous=previous,
            occurred_after_at=self.after_at,
            occurred_before_at=self.before_at,
        )

    def url(self, name: str, version: str | None = None) -> str | None:
        """The page of a model or a version."""
        if self.pages is None:
            return None
        page = f"{self.pages}/#/models/{quote(name, safe='')}"
        return page if version is None else f"{page}/versions/{quote(version, safe='')}"


def _aliases(item: Item | None) -> dict[str, str]:
    told: Sequence[Item] = (item or {}).get("aliases") or []
    return {text(alias, "alias"): str(alias["version"]) for alias in told}


def _stage(item: Item | None) -> str | None:
    stage = text_or_none(item or {}, "current_stage")
    return None if stage in _NO_STAGE else stage


def _differences(
    before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[tuple[str, str | None, str | None]]:
    for key in sorted(before.keys() | after.keys()):
        if before.get(key) != after.get(key):
            yield key, before.get(key), after.get(key)
