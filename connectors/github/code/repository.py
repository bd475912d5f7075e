"""The stream of what a repository is: its name, its branch, its services."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from connectors.answers.moment import moment_or_none
from connectors.answers.page import Header, write_page
from connectors.answers.understanding import UNREADABLE
from connectors.github.api.question import json_object
from connectors.github.asking import Asking, row_id
from connectors.hosting.place import Place
from connectors.hosting.reader import Reader
from connectors.interface import Batch, Cursor, Json, Reading
from data.model import Gap, Record, Repository, Service


class About(Reader):
    """Reads a repository itself, if it changed."""

    kind: ClassVar[str] = "repository"
    entities: ClassVar[tuple[str, ...]] = ("repository", "service", "gap")
    needs: ClassVar[str] = "Metadata: read"

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def pull(self, place: Place, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields the repository as it is now."""
        known = cursor["validators"] if cursor and cursor["name"] == place.name else None
        reply = self._asking.api.get(f"repos/{place.name}", validators=known)
        if not reply.is_unchanged:
            answer = json_object(reply.json())  # what is no repository is not archived as one
            header = {"repository": place.name, "id": place.id}
            is_whole = not any(isinstance(row, Gap) for row in self.rows(header, [answer]))
            yield Batch(
                payload=write_page(header, reply.body),
                cursor={"name": place.name, "validators": reply.validators},
                reading=Reading.COMPLETE if is_whole else Reading.INCREMENT,
                is_first=is_whole,
                is_last=is_whole,
            )

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page."""
        try:
            yield from list(self._rows(answers[0]))
        except UNREADABLE as error:
            yield self._asking.unreadable(header["repository"], self.kind, error)

    def _rows(self, item: Json) -> Iterator[Record]:
        name = item["full_name"]
        yield Repository(
            id=row_id(name),
            source=self._asking.source,
            url=item["html_url"],
            name=name,
            default_branch=item["default_branch"] if item["pushed_at"] else None,
            head_sha=None,
            is_shallow=False,
            commit_count=None,
            host_id=str(item["id"]),
            is_archived=item.get("archived"),
            is_private=item.get("private"),
            topics=tuple(item.get("topics") or ()),
            created_at=moment_or_none(item.get("created_at")),
            pushed_at=moment_or_none(item.get("pushed_at")),
        )
        folders = self._asking.settings.services.get(name) or {name: ""}
        for service, folder in folders.items():
            yield Service(
                id=row_id(name, "service", service),
                source=self._asking.source,
                url=item["html_url"],
                name=service,
                repository=name,
                path=folder or None,
            )
