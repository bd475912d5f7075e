"""What a registry holds at a time, what changed between two times, and where it is remembered."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypedDict

from connectors.interface import Json
from data.durable import write_whole

Item = Mapping[str, Json]
VersionKey = tuple[str, str]
"""Name of the model, and the version."""


class Change(TypedDict):
    """What the server sent of a model or a version before and after; null: it was not there."""

    kind: str
    """`model` or `version`."""
    before: Item | None
    after: Item | None


@dataclass(frozen=True, slots=True)
class State:
    """All models and versions, as the server sent them."""

    models: Mapping[str, Item]
    versions: Mapping[VersionKey, Item]

    def changes_since(self, before: State | None) -> Iterator[Change]:
        """What is not as it was, in an order that depends on the two alone."""
        known = before or State({}, {})
        for name in sorted(known.models.keys() | self.models.keys()):
            yield from _changed("model", known.models.get(name), self.models.get(name))
        for key in sorted(known.versions.keys() | self.versions.keys(), key=_order):
            yield from _changed("version", known.versions.get(key), self.versions.get(key))


def _changed(kind: str, before: Item | None, after: Item | None) -> Iterator[Change]:
    if before != after:
        yield {"kind": kind, "before": before, "after": after}


def _order(key: VersionKey) -> tuple[str, int, str]:
    name, version = key
    return name, int(version) if version.isdecimal() else 0, version


@dataclass(frozen=True, slots=True)
class StateFiles:
    """The states that a cursor names, each in a file that bears the name of its content.

    A file is there before the cursor that names it is committed, and is left as long as a cursor
    may name it: a sync that is killed anywhere finds what its cursor names.
    """

    folder: Path

    def save(self, state: State) -> str:
        """Keeps a state; returns what it is called."""
        told = {"models": [*state.models.values()], "versions": [*state.versions.values()]}
        text = json.dumps(told, sort_keys=True, separators=(",", ":")).encode()
        name = hashlib.sha256(text).hexdigest()[:32]
        if not self._path(name).exists():
            write_whole(self._path(name), zlib.compress(text, 1))
        return name

    def load(self, name: str | None) -> State | None:
        """The state that was saved under a name; null if it is lost or damaged."""
        if name is None:
            return None
        try:
            text = zlib.decompress(self._path(name).read_bytes())
        except (FileNotFoundError, zlib.error):
            return None
        if hashlib.sha256(text).hexdigest()[:32] != name:
            return None
        told = json.loads(text)
        return State(
            {model["name"]: model for model in told["models"]},
            {(version["name"], version["version"]): version for version in told["versions"]},
        )

    def note_seen(self, name: str, read_from: str) -> None:
        """Notes that a state was still so when a reading began that found nothing new."""
        write_whole(self._seen(name), read_from.encode())

    def last_seen(self, name: str, read_from: str) -> str:
        """When the last reading began that found a state so; at least `read_from`."""
        try:
            seen = self._seen(name).read_text(encoding="ascii")
            return max(read_from, seen, key=datetime.fromisoformat)
        except (FileNotFoundError, ValueError):
            return read_from

    def keep_only(self, names: Collection[str | None]) -> None:
        """Removes the states that no cursor can name any more."""
        for path in self.folder.glob("registry-*"):
            if path.name.removeprefix("registry-").partition(".")[0] not in names:
                path.unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self.folder / f"registry-{name}.json.z"

    def _seen(self, name: str) -> Path:
        return self.folder / f"registry-{name}.seen"
