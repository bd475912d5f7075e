"""The stream of what a project is: its name, its branch, its services."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import ClassVar

from connectors.answers.moment import moment_or_none
from connectors.answers.page import Header, write_page
from connectors.gitlab.asking import Asking
from connectors.hosting.place import Place
from connectors.hosting.reader import Reader
from connectors.interface import Batch, Cursor, Json, Reading
from data.model import Gap, Record, Repository, Service

_TOLD = (
    "path_with_namespace",
    "default_branch",
    "empty_repo",
    "archived",
    "visibility",
    "topics",
    "created_at",
)


class About(Reader):
    """Reads a project itself, if the list of projects shows that it changed."""

    kind: ClassVar[str] = "repository"
    entities: ClassVar[tuple[str, ...]] = ("repository", "service", "gap")
    needs: ClassVar[str] = "scope read_api, Guest"

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def pull(self, place: Place, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields the project as it is now."""
        digest = _digest(self._asking.listed[place.id])
        if (cursor or {}).get("digest") == digest:
            return
        reply = self._asking.api.get(f"projects/{place.id}")
        header = {"repository": place.name, "id": place.id}
        for _ in self.rows(header, [reply.json()]):
            pass  # what cannot be understood is not kept, and is asked for again next time
        yield Batch(
            payload=write_page(header, reply.body),
            cursor={"digest": digest},
            reading=Reading.COMPLETE,
            is_first=True,
            is_last=True,
        )

    def rows(self, _header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page."""
        (item,) = answers
        name = item["path_with_namespace"]
        url = self._asking.page(name)
        visibility = item.get("visibility")
        yield Repository(
            id=self._asking.row_id(name),
            source=self._asking.source,
            url=url,
            name=name,
            default_branch=None if item.get("empty_repo") else item["default_branch"],
            head_sha=None,
            is_shallow=False,
            commit_count=None,
            host_id=str(item["id"]),
            is_archived=item.get("archived"),
            is_private=visibility and visibility != "public",
            topics=tuple(item.get("topics") or ()),
            created_at=moment_or_none(item.get("created_at")),
            pushed_at=None,
        )
        folders = self._asking.settings.services.get(name) or {name: ""}
        for service, folder in folders.items():
            yield Service(
                id=self._asking.row_id(name, "service", service),
                source=self._asking.source,
                url=url,
                name=service,
                repository=name,
                path=folder or None,
            )


def _digest(item: Json) -> str:
    """Tells one state of a project from another, without the time of its last activity."""
    told = {name: item.get(name) for name in _TOLD}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]
