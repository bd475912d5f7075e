"""One whole reading of a registry: all its models and all their versions."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Generic, TypeVar

from connectors.http.errors import Forbidden, NotFound, Unauthorized
from connectors.interface import Json
from connectors.mlflow.api import Server
from connectors.mlflow.naming import text
from connectors.mlflow.state import Item, State, VersionKey

_LOG = logging.getLogger(__name__)
K = TypeVar("K", bound=Hashable)
PROMPT_TAG = "mlflow.prompt.is_prompt"
"""Marks a registered prompt, which is kept among the models and is none."""
_MODELS_A_PAGE = 1000
"""The most that a server gives."""
_VERSIONS_A_PAGE = 5000
"""A server gives up to 200,000; this many stay well within the size of an answer."""
MOST_CONFIRMED = 1000
"""Of those that are no longer listed, so many are asked for by name in one reading."""


@dataclass(frozen=True, slots=True)
class Versions:
    """All versions that a server lists."""

    items: Mapping[VersionKey, Item]
    is_listed: bool
    """Whether it lists versions: GitLab tells the newest of each model alone."""
    unreadable: int
    """Items without a name or version."""


@dataclass(frozen=True, slots=True)
class RegistryReading:
    """What a registry held while it was read."""

    state: State
    began_at: datetime
    ended_at: datetime
    has_all_versions: bool
    unreadable: int = 0
    """Items without a name or version."""
    withheld: int = 0
    """Things that were there before, are listed no more, and may not be asked for."""
    unconfirmed: int = 0
    """Things that are listed no more, and nobody asked for yet."""


def read_registry(
    server: Server, clock: Callable[[], datetime], read_versions: Callable[[], Versions]
) -> RegistryReading:
    """Reads all models and versions.

    Raises:
        HttpError: if a page of them cannot be had.
    """
    began_at = clock()
    models = _Named(lambda item: text(item, "name"))
    newest = _Named(_version_name)
    asked = {"max_results": _MODELS_A_PAGE}
    for page in server.listed("registered-models/search", asked, "registered_models", _model_key):
        models.add(page.items)
        newest.add(v for item in page.items for v in _list_of(item, "latest_versions"))
    versions = read_versions()
    listed = versions.items if versions.is_listed else newest.items
    prompts = {name for name, item in models.items.items() if is_prompt(item)}
    state = State(
        {name: item for name, item in models.items.items() if name not in prompts},
        {
            key: item
            for key, item in listed.items()
            if key[0] not in prompts and not is_prompt(item)
        },
    )
    unreadable = models.unreadable + versions.unreadable
    return RegistryReading(state, began_at, clock(), versions.is_listed, unreadable)


def read_versions(server: Server, progress: Callable[[int], None]) -> Versions:
    """Reads all versions, if the server lists them.

    Raises:
        HttpError: if a page of them cannot be had.
    """
    versions = _Named(_version_name)
    # What is new comes last: the list grows, and shifts only where something is deleted.
    asked = {"max_results": _VERSIONS_A_PAGE, "order_by": "creation_timestamp ASC"}
    try:
        for page in server.listed("model-versions/search", asked, "model_versions", _version_key):
            versions.add(page.items)
            progress(len(versions.items))
    except NotFound:
        if not server.is_gitlab:
            raise
        return Versions({}, is_listed=False, unreadable=0)
    return Versions(versions.items, is_listed=True, unreadable=versions.unreadable)


def confirmed(
    server: Server,
    reading: RegistryReading,
    before: State | None,
    progress: Callable[[int], None],
) -> RegistryReading:
    """The reading, with what is listed no more but still there.

    A list that is read by offset skips an item where one before it was deleted meanwhile, and
    leaves out in silence what may no longer be read: each is asked for by name.

    Raises:
        HttpError: if the server fails to say.
    """
    if before is None:
        return reading
    models, versions = dict(reading.state.models), dict(reading.state.versions)
    asking = _Confirming(server, progress)
    for name in sorted(before.models.keys() - models.keys()):
        asked = {"name": name}
        known = before.models[name]
        still = asking.still("registered-models/get", asked, "registered_model", known)
        if still is not None:
            models[name] = still
    unasked = frozenset(asking.kept)
    for key in sorted(before.versions.keys() - versions.keys()):
        if key[0] not in models:
            continue
        there = before.versions[key]
        if not reading.has_all_versions or key[0] in unasked:
            versions[key] = there
            continue
        asked = {"name": key[0], "version": key[1]}
        still = asking.still("model-versions/get", asked, "model_version", there)
        if still is not None:
            versions[key] = still
    return replace(
        reading,
        state=State(models, versions),
        withheld=asking.withheld,
        unconfirmed=asking.unconfirmed,
    )


def is_prompt(item: Item) -> bool:
    """Whether it is a prompt, and no model."""
    told = (tag for tag in _list_of(item, "tags") if isinstance(tag, dict))
    return any(
        tag.get("key") == PROMPT_TAG and str(tag.get("value")).lower() == "true" for tag in told
    )


def _version_name(item: Item) -> VersionKey:
    return text(item, "name"), text(item, "version")


@dataclass
class _Named(Generic[K]):
    """Items by what they are called."""

    key: Callable[[Item], K]
    items: dict[K, Item] = field(default_factory=dict)
    unreadable: int = 0

    def add(self, items: Iterable[Json]) -> None:
        for item in items:
            try:
                tidy = _tidy(item)
                self.items[self.key(tidy)] = tidy
            except (AttributeError, LookupError, TypeError) as error:
                _LOG.warning("a model or version without a name: %s", type(error).__name__)
                self.unreadable += 1


@dataclass
class _Confirming:
    """Asks for single things that are listed no more."""

    server: Server
    progress: Callable[[int], None]
    asked: int = 0
    withheld: int = 0
    unconfirmed: int = 0
    kept: set[str] = field(default_factory=set)
    """Models that are told as they were, or of which a version is."""

    def still(self, path: str, params: Mapping[str, Json], of: str, before: Item) -> Item | None:
        """It as it is now, or as it was if nobody may or did look; null: it is gone."""
        if self.asked >= MOST_CONFIRMED:
            self.unconfirmed += 1
            self.kept.add(str(params["name"]))
            return before
        self.progress(self.asked)
        self.asked += 1
        try:
            return _tidy(self.server.get(path, params)[of])
        except NotFound:
            return None
        except (Forbidden, Unauthorized):
            self.withheld += 1
            self.kept.add(str(params["name"]))
            return before


def _tidy(item: Json) -> Item:
    """An item without its newest versions, which are listed, and with its lists in one order."""
    kept = {name: value for name, value in item.items() if name != "latest_versions"}
    for name, key in (("tags", "key"), ("aliases", "alias")):
        told = _list_of(kept, name)
        if len(told) > 1 and all(isinstance(pair, dict) for pair in told):
            kept[name] = sorted(told, key=lambda pair: str(pair.get(key)))
    if isinstance(kept.get("version"), int):
        kept["version"] = str(kept["version"])
    if "version" in kept:
        # One that is asked for by name tells its aliases, which belong to the model.
        kept.pop("aliases", None)
    return kept


def _list_of(item: Item, name: str) -> list[Json]:
    told = item.get(name)
    return told if isinstance(told, list) else []


def _model_key(item: Json) -> str:
    return str(item.get("name") or item) if isinstance(item, dict) else str(item)


def _version_key(item: Json) -> str:
    named = isinstance(item, dict) and item.get("name") and item.get("version")
    return f"{item['version']} {item['name']}" if named else str(item)
