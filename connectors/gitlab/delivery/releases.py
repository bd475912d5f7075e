"""The stream of a project's releases, where the user says that they are deployments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from connectors.answers.moment import moment
from connectors.answers.page import Header
from connectors.answers.understanding import UNREADABLE
from connectors.gitlab.api.items import key_of
from connectors.gitlab.api.whole_list import WholeList
from connectors.gitlab.asking import Asking, account, below
from connectors.hosting.deployment_rule import DeploymentSource
from connectors.hosting.place import Place
from connectors.hosting.reader import Reader
from connectors.hosting.version_rows import Told, deployments, version
from connectors.interface import Batch, Cursor, Json
from data.model import Gap, Record


class Releases(Reader):
    """Reads all releases when one was made, moved or deleted; one that is yet to come is none."""

    kind: ClassVar[str] = "releases"
    entities: ClassVar[tuple[str, ...]] = ("version", "deployment", "gap")
    needs: ClassVar[str] = "scope read_api, Reporter"
    blind: ClassVar[tuple[str, ...]] = ("DP-02", "DP-05", "DP-07")

    page_size: ClassVar[int] = 100

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def is_wanted(self, place: Place) -> bool:
        """Whether the user says that releases of a project are deployments."""
        return DeploymentSource.RELEASES in self._asking.rules.sources(place.name)

    def pull(self, place: Place, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields all releases, if they are not what they were."""
        yield from WholeList(
            api=self._asking.api,
            name=place.name,
            header={"repository": place.name, "id": place.id},
            path=below(place, "releases"),
            params={"order_by": "released_at", "sort": "desc", "per_page": self.page_size},
            key="tag_name",
            essence=_essence,
            stamp=lambda item: item["released_at"],
            progress=self._asking.telling(place, self.kind),
        ).pull(cursor)

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page."""
        for item in answers[0]:
            try:
                yield from list(self._rows_of(header["repository"], item))
            except UNREADABLE as error:
                key = f"release/{key_of(item, 'tag_name')}"
                yield self._asking.unreadable(header["repository"], key, error)

    def _rows_of(self, project: str, item: Json) -> Iterator[Record]:
        if item.get("upcoming_release"):
            return
        name = item["tag_name"]
        told = Told(
            repository=project,
            id=self._asking.row_id(project, "release", name),
            url=self._asking.page(project, f"releases/{name}"),
            name=name,
            sha=(item.get("commit") or {}).get("id"),
            at=moment(item["released_at"]),
            author=account(item.get("author")),
        )
        # Where tags are read as well they tell the versions.
        if DeploymentSource.TAGS not in self._asking.rules.sources(project):
            yield version(self._asking, told)
        yield from deployments(self._asking, DeploymentSource.RELEASES, told)


def _essence(item: Json) -> Json:
    commit = (item.get("commit") or {}).get("id")
    return [item["tag_name"], item["released_at"], item.get("upcoming_release"), commit]
