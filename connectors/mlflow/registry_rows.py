"""Rows of one page of changes of a registry."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from connectors.answers.understanding import LATE, UNREADABLE
from connectors.interface import Json
from connectors.mlflow.model_events import EventTeller, Part
from connectors.mlflow.naming import (
    model_id,
    moment_or_none,
    pairs,
    part,
    run_id,
    text,
    text_or_none,
    version_id,
)
from connectors.mlflow.state import Change, Item
from data.model import (
    Gap,
    GapReason,
    LineageEdge,
    Model,
    ModelVersion,
    NodeKind,
    Record,
)

_RISK_TAGS = ("risk_class", "risk")


def registry_rows(source: str, payload: bytes) -> Iterator[Record]:
    """Maps a page of changes to models, versions, what happened to them, and what is missing.

    Raises:
        ValueError: if it is no page of this connector.
    """
    page = json.loads(payload)
    teller = _Teller(
        source,
        page["pages"],
        _time(page["read_after_at"]),
        datetime.fromisoformat(page["read_before_at"]),
        str((page["lost"] or {}).get("since") or "first"),
    )
    if page["lost"]:
        yield teller.lost(page["lost"])
    for change in page["changes"]:
        yield from teller.told(change)


def _time(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None


@dataclass(frozen=True, slots=True)
class _Teller(EventTeller):
    """What happened between two readings, and what is there since."""

    def told(self, change: Change) -> Iterator[Record]:
        """The rows of a change; a gap of what cannot be understood, and the rest stands."""
        before, after = change["before"], change["after"]
        parts: list[tuple[str, Iterator[Record]]] = []
        if before and after and _is_another(before, after):
            parts += self.events(change["kind"], before, None, "replaced")
            before = None
        parts += self._things(change["kind"], before, after)
        parts += self.events(change["kind"], before, after)
        for name, rows in parts:
            try:
                yield from list(rows)
            except UNREADABLE as error:
                yield self._unreadable(change, name, error)

    def _things(self, kind: str, before: Item | None, after: Item | None) -> Iterator[Part]:
        item = after or before or {}
        gone = (None, None) if after else (self.after_at, self.before_at)
        if kind == "model":
            yield "row", self._model(item, gone)
        else:
            yield "row", self._version(item, gone)
            yield "origin", self._origin(item)

    def _model(self, item: Item, gone: _Span) -> Iterator[Model]:
        tags, name = pairs(item), text(item, "name")
        risk = next((tags[tag] for tag in _RISK_TAGS if tags.get(tag)), None)
        yield Model(
            id=model_id(self.source, name),
            source=self.source,
            url=self.url(name),
            name=name,
            description=text_or_none(item, "description"),
            created_at=moment_or_none(item.get("creation_timestamp")),
            owner=tags.get("owner") or None,
            risk_class=risk,
            gone_after_at=gone[0],
            gone_before_at=gone[1],
        )

    def _version(self, item: Item, gone: _Span) -> Iterator[ModelVersion]:
        name, version = text(item, "name"), text(item, "version")
        run = text_or_none(item, "run_id")
        yield ModelVersion(
            id=version_id(self.source, name, version),
            source=self.source,
            url=self.url(name, version),
            model=name,
            version=version,
            number=int(version) if version.isdecimal() else None,
            created_at=moment_or_none(item.get("creation_timestamp")),
            run=run_id(self.source, run) if run else None,
            artifact=_without_account(text_or_none(item, "source")),
            status=text_or_none(item, "status"),
            description=text_or_none(item, "description"),
            created_by=text_or_none(item, "user_id"),
            gone_after_at=gone[0],
            gone_before_at=gone[1],
        )

    def _origin(self, item: Item) -> Iterator[LineageEdge]:
        """That the version was made by its run."""
        run = text_or_none(item, "run_id")
        if run is None:
            return
        name, version = text(item, "name"), text(item, "version")
        yield LineageEdge(
            id=f"mlflow:{self.source}#edge/{part(run)}/{part(name)}@{part(version)}",
            source=self.source,
            from_kind=NodeKind.RUN,
            from_name=run_id(self.source, run),
            to_kind=NodeKind.MODEL_VERSION,
            to_name=f"{name}@{version}",
            run=run_id(self.source, run),
            seen_at=moment_or_none(item.get("creation_timestamp")),
        )

    def lost(self, lost: Mapping[str, Json]) -> Gap:
        """That nobody knows what happened since a reading whose state is lost."""
        since = _time(lost["since"])
        why = {
            "file": "what the registry held when it was last read is lost",
            "address": "the registry is read at another address than before",
        }[lost["why"]]
        return Gap(
            id=f"mlflow:{self.source}#gap/registry/lost/{self.before_at.isoformat()}",
            source=self.source,
            reason=GapReason.TRUNCATED,
            what=f"{why}: promotions, tags and deletions since then may be missing",
            fix="keep the folder of the mirrors; sync often",
            count=None,
            since_at=since,
            until_at=self.before_at,
        )

    def _unreadable(self, change: Change, part: str, error: Exception) -> Gap:
        item = change["after"] or change["before"] or {}
        name, version = str(item.get("name")), str(item.get("version"))
        is_model = change["kind"] == "model"
        about = model_id(self.source, name) if is_model else version_id(self.source, name, version)
        said = f"{type(error).__name__} {error}"[:160]
        return Gap(
            id=f"{about}/unreadable/{part}",
            source=self.source,
            reason=GapReason.UNREADABLE,
            what=f"{part} of {about} could not be understood: {said}",
            fix=LATE,
            count=1,
            about=about,
        )


_Span = tuple[datetime | None, datetime | None]


def _is_another(before: Item, after: Item) -> bool:
    """Whether it was deleted and made anew: a server gives the number of the last one again."""
    return before.get("creation_timestamp") != after.get("creation_timestamp")


def _without_account(address: str | None) -> str | None:
    """An address without user and password."""
    if address is None or "://" not in address:
        return address
    scheme, _, rest = address.partition("://")
    place, slash, path = rest.partition("/")
    account, _, host = place.rpartition("@")
    # Azure puts the container before the host, as others put an account.
    return f"{scheme}://{host if ':' in account else place}{slash}{path}"
