"""The stream of a project's tags, where the user says that they are deployments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from connectors.answers.moment import moment_or_none
from connectors.answers.page import Header
from connectors.answers.understanding import UNREADABLE
from connectors.gitlab.api.items import key_of
from connectors.gitlab.api.whole_list import WholeList
from connectors.gitlab.asking import Asking, below
from connectors.hosting.deployment_rule import DeploymentSource
from connectors.hosting.place import Place
from connectors.hosting.reader import Reader
from connectors.hosting.version_rows import Told, deployments, version
from connectors.interface import Batch, Cursor, Json
from data.model import Gap, Record


class Tags(Reader):
    """Reads all tags when one was made, moved or deleted."""

    kind: ClassVar[str] = "tags"
    entities: ClassVar[tuple[str, ...]] = ("version", "deployment", "gap")
    needs: ClassVar[str] = "scope read_api, Reporter"
    blind: ClassVar[tuple[str, ...]] = ("DP-02", "DP-05", "DP-07")

    page_size: ClassVar[int] = 100

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def is_wanted(self, place: Place) -> bool:
        """Whether the user says that tags of a project are deployments."""
        return DeploymentSource.TAGS in self._asking.rules.sources(place.name)

    def pull(self, place: Place, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields all tags, if they are not what they were."""
        yield from WholeList(
            api=self._asking.api,
            name=place.name,
            header={"repository": place.name, "id": place.id},
            path=below(place, "repository/tags"),
            params={"order_by": "updated", "sort": "desc", "per_page": self.page_size},
            key="name",
            essence=lambda item: [item["name"], item["target"]],
            stamp=_dated,
            progress=self._asking.telling(place, self.kind),
        ).pull(cursor)

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page."""
        for item in answers[0]:
            try:
                yield from list(self._rows_of(header["repository"], item))
            except UNREADABLE as error:
                key = f"tag/{key_of(item, 'name')}"
                yield self._asking.unreadable(header["repository"], key, error)

    def _rows_of(self, project: str, item: Json) -> Iterator[Record]:
        name = item["name"]
        told = Told(
            repository=project,
            id=self._asking.row_id(project, "tag", name),
            url=self._asking.page(project, f"tags/{name}"),
            name=name,
            sha=(item["commit"] or {}).get("id"),
            at=moment_or_none(_dated(item)),
        )
        yield version(self._asking, told)
        yield from deployments(self._asking, DeploymentSource.TAGS, told)


def _dated(item: Json) -> Json:
    """When a tag was made: the time of its annotation, else of its commit."""
    return item.get("created_at") or (item["commit"] or {}).get("committed_date")
