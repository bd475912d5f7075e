"""The stream of a repository's releases, where the user says that they are deployments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from connectors.answers.moment import moment
from connectors.answers.page import Header
from connectors.answers.understanding import UNREADABLE
from connectors.github.api.lacking import lacking
from connectors.github.api.question import PagedQuestion, connection
from connectors.github.api.whole_list import WholeList
from connectors.github.asking import Asking, row_id
from connectors.hosting.deployment_rule import DeploymentSource
from connectors.hosting.newest_first import Listed
from connectors.hosting.place import Place
from connectors.hosting.reader import Reader
from connectors.hosting.version_rows import Told, deployments, version
from connectors.interface import Batch, Cursor, Json
from data.model import Gap, Record

_MATTERS = ("id", "tag_name", "target_commitish", "draft", "prerelease", "published_at")


class Releases(Reader):
    """Reads all releases whenever one of the newest hundred changed. Drafts are none yet."""

    kind: ClassVar[str] = "releases"
    entities: ClassVar[tuple[str, ...]] = ("version", "deployment", "gap")
    needs: ClassVar[str] = "Contents: read"
    blind: ClassVar[tuple[str, ...]] = ("DP-02", "DP-05", "DP-07")
    page_size: ClassVar[int] = 100

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._question = PagedQuestion(asking.api, "releases", self.page_size, self.needs)

    def is_wanted(self, place: Place) -> bool:
        """Whether the user says that releases of a repository are deployments."""
        return DeploymentSource.RELEASES in self._asking.rules.sources(place.name)

    def pull(self, place: Place, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields all releases, if they are not what they were."""
        yield from WholeList(
            name=place.name,
            header={"repository": place.name, "id": place.id},
            probe=self._asking.probe(f"repos/{place.name}/releases", {"per_page": 100}),
            essence=lambda told: [[release.get(name) for name in _MATTERS] for release in told],
            ask=lambda after: self._listed(place, after),
            stamp=lambda node: node["createdAt"],
            progress=self._asking.telling(place, "releases"),
        ).pull(cursor)

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page."""
        repository = header["repository"]
        yield from lacking(self._asking, repository, self.kind, self.needs, answers)
        for node in _nodes(answers[0]):
            try:
                yield from list(self._rows_of(repository, node))
            except UNREADABLE as error:
                key = f"release/{node.get('databaseId')}"
                yield self._asking.unreadable(repository, key, error)

    def _rows_of(self, repository: str, node: Json) -> Iterator[Record]:
        if node["isDraft"]:
            return
        commit, author = node["tagCommit"], node["author"]
        told = Told(
            repository=repository,
            id=row_id(repository, "release", node["databaseId"]),
            url=node["url"],
            name=node["tagName"],
            sha=commit["oid"] if commit else None,
            at=moment(node["publishedAt"]),
            is_preview=node["isPrerelease"],
            author=author["login"] if author else None,
        )
        # Where tags are read as well they tell the versions.
        if DeploymentSource.TAGS not in self._asking.rules.sources(repository):
            yield version(self._asking, told)
        yield from deployments(self._asking, DeploymentSource.RELEASES, told)

    def _listed(self, place: Place, after: Json) -> Listed:
        reply = self._question.ask(self._asking.variables(place), after)
        listed = connection(reply.json(), "releases")
        page = listed["pageInfo"]
        return Listed(
            answers=[reply.body],
            items=_nodes(reply.json()),
            after=page["endCursor"] if page["hasNextPage"] else None,
            total=listed["totalCount"],
        )


def _nodes(answer: Json) -> list[Json]:
    return [node for node in connection(answer, "releases")["nodes"] if node]
