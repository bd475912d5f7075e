"""The stream of a repository's tags, where the user says that they are deployments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from connectors.answers.moment import moment_or_none
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


class Tags(Reader):
    """Reads all tags whenever one was made, moved or deleted."""

    kind: ClassVar[str] = "tags"
    entities: ClassVar[tuple[str, ...]] = ("version", "deployment", "gap")
    needs: ClassVar[str] = "Contents: read"
    blind: ClassVar[tuple[str, ...]] = ("DP-02", "DP-05", "DP-07")
    page_size: ClassVar[int] = 100

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._question = PagedQuestion(asking.api, "tags", self.page_size, self.needs)

    def is_wanted(self, place: Place) -> bool:
        """Whether the user says that tags of a repository are deployments."""
        return DeploymentSource.TAGS in self._asking.rules.sources(place.name)

    def pull(self, place: Place, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields all tags, if they are not what they were."""
        yield from WholeList(
            name=place.name,
            header={"repository": place.name, "id": place.id},
            probe=self._asking.probe(f"repos/{place.name}/git/matching-refs/tags", {}),
            essence=lambda told: told,
            ask=lambda after: self._listed(place, after),
            stamp=_dated,
            progress=self._asking.telling(place, "tags"),
        ).pull(cursor)

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page."""
        repository = header["repository"]
        yield from lacking(self._asking, repository, self.kind, self.needs, answers)
        for node in _nodes(answers[0]):
            try:
                yield from list(self._rows_of(repository, node))
            except UNREADABLE as error:
                key = f"tag/{node.get('name')}"
                yield self._asking.unreadable(repository, key, error)

    def _rows_of(self, repository: str, node: Json) -> Iterator[Record]:
        name, commit = node["name"], _commit(node)
        told = Told(
            repository=repository,
            id=row_id(repository, "tag", name),
            url=self._asking.page(repository, f"tree/{name}"),
            name=name,
            sha=commit["oid"] if commit else None,
            at=moment_or_none(_dated(node)),
        )
        yield version(self._asking, told)
        yield from deployments(self._asking, DeploymentSource.TAGS, told)

    def _listed(self, place: Place, after: Json) -> Listed:
        reply = self._question.ask(self._asking.variables(place), after)
        listed = connection(reply.json(), "refs")
        page = listed["pageInfo"]
        return Listed(
            answers=[reply.body],
            items=_nodes(reply.json()),
            after=page["endCursor"] if page["hasNextPage"] else None,
            total=listed["totalCount"],
        )


def _nodes(answer: Json) -> list[Json]:
    return [node for node in connection(answer, "refs")["nodes"] if node]


def _commit(node: Json) -> Json:
    """The commit that a tag names, itself or by an annotation; null if it names something else."""
    target = node["target"]
    if target and target["__typename"] == "Tag":
        target = target["target"]
    return target if target and target["__typename"] == "Commit" else None


def _dated(node: Json) -> str | None:
    """When a tag was made: the time of the annotation, else of its commit."""
    tagger = (node["target"] or {}).get("tagger") or {}
    return tagger.get("date") or (_commit(node) or {}).get("committedDate")
