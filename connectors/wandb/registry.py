"""The registry of an organisation: what changed of it between two readings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from connectors.answers.page import Header, write_page
from connectors.api.connector import ApiReader
from connectors.api.fields import packed
from connectors.api.reader import Items
from connectors.api.source import ApiSource
from connectors.http.errors import Forbidden, NotFound, UnexpectedReply
from connectors.interface import Batch, Cursor, Json
from connectors.state_file import StateFile
from connectors.wandb.documents import LINEAGE, VERSIONS
from connectors.wandb.graphql import GraphQl, listed
from connectors.wandb.registry_rows import rows_of
from connectors.wandb.settings import Settings
from data.model import GapReason, Record

CHANGES_A_PAGE = 100

_Places = Mapping[Json, Mapping[str, str]]
"""Collection to alias to the version it points to."""


class Registry(ApiReader):
    """Reads all versions with their aliases, and tells what is not as it was."""

    kind: ClassVar[str] = "registry"
    entities: ClassVar[tuple[str, ...]] = (
        "model",
        "model_version",
        "model_event",
        "lineage_edge",
        "gap",
    )
    needs: ClassVar[str] = (
        "an API key of a user who has the role Restricted Viewer in each registry"
    )
    is_remembered: ClassVar[bool] = True
    page_size: ClassVar[int] = 50

    def __init__(self, api: ApiSource, settings: Settings) -> None:
        self._api = api
        self._settings = settings
        self._states = StateFile(api.context, api.source, self.kind)

    @property
    def is_wanted(self) -> bool:
        """Whether an organisation is named."""
        return self._settings.organisation is not None

    def look(self) -> None:
        """Asks for one version."""
        next(self._listed(1).pages(GraphQl(self._api.http, VERSIONS)))

    def pull(self, cursor: Cursor | None) -> Items:
        """Yields what changed since the last reading."""
        address = f"{self._api.http.base_url}{self._settings.organisation}"
        is_here = cursor is not None and cursor["address"] == address
        state = self._states.load(cursor["state"]) if cursor and is_here else None
        if cursor is not None and state is None:
            yield self._lost()
        read_at = self._api.context.clock().isoformat()
        versions = self._versions()
        ended_at = self._api.context.clock().isoformat()
        before = dict((state or {}).get("versions", {}))
        before_at = self._states.last_seen(state["read_at"], before) if state else None
        moved = (_places(before), _places(versions))
        keys = [key for key in sorted({*before, *versions}) if before.get(key) != versions.get(key)]
        for number in range(0, len(keys), CHANGES_A_PAGE):
            shown = keys[number : number + CHANGES_A_PAGE]
            changes = [self._change(key, before, versions, moved) for key in shown]
            page = write_page({"after_at": before_at, "before_at": ended_at}, packed(changes))
            for key in shown:
                if key in versions:
                    before[key] = versions[key]
                else:
                    del before[key]
            is_last = number + CHANGES_A_PAGE >= len(keys)
            # Until all is told, what is left happened after the reading before.
            told_at = read_at if is_last or before_at is None else before_at
            kept = self._states.save({"versions": before, "read_at": told_at})
            yield Batch(page, {"address": address, "state": kept})
        self._states.note_seen(read_at, versions)

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page: what changed between two readings."""
        make = partial(rows_of, self._api, header)
        rows = self._api.mapped("version", answers[0], make)
        yield from {(type(row), row.id): row for row in rows}.values()

    def _versions(self) -> dict[str, Any]:
        pages = self._listed(self.page_size).pages(GraphQl(self._api.http, VERSIONS))
        return {str(item["id"]): item for page in pages for item in page.items}

    def _listed(self, size: int) -> Any:
        path = ["organization", "orgEntity", "artifactMemberships"]
        return listed(path, {"organization": self._settings.organisation, "perPage": size})

    def _change(
        self,
        key: str,
        before: Mapping[str, Json],
        after: Mapping[str, Json],
        moved: tuple[_Places, _Places],
    ) -> Json:
        was, now = before.get(key), after.get(key)
        lineage = self._lineage(now) if was is None and now is not None else None
        collection = _collection(now or was)
        had, has = (places.get(collection, {}) for places in moved)
        names = {**_aliases(was), **_aliases(now)}
        return {
            "id": key,
            "before": was,
            "after": now,
            "lineage": lineage,
            "had": {name: had.get(name) for name in names},
            "has": {name: has.get(name) for name in names},
        }

    def _lineage(self, version: Json) -> Json:
        """What made and what used a version that was not known."""
        artifact = version.get("artifact") or {}
        try:
            asked = GraphQl(self._api.http, LINEAGE).get("graphql", {"id": artifact.get("id")})
        except (Forbidden, NotFound, UnexpectedReply):
            return None
        return asked.json()["data"]["artifact"]

    def _lost(self) -> Any:
        return self._api.gap(
            "registry/state",
            GapReason.TRUNCATED,
            "what was read of the registry before is lost, or was read from elsewhere: what "
            "changed meanwhile is told without what it was",
            "keep the folder of the mirrors, and the address of the source",
        )


def _aliases(version: Json) -> dict[str, str]:
    """The aliases of a version, each with its name."""
    told = (version or {}).get("aliases") or []
    return {alias["alias"]: f"v{version.get('versionIndex')}" for alias in told}


def _places(versions: Mapping[str, Json]) -> _Places:
    found: dict[Json, dict[str, str]] = {}
    for version in versions.values():
        collection = _collection(version)
        found.setdefault(collection, {}).update(_aliases(version))
    return found


def _collection(version: Json) -> Json:
    return (version.get("artifactCollection") or {}).get("id")
