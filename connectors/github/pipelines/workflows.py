"""The stream of a repository's workflows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from connectors.answers.page import Header
from connectors.api.reader import Items
from connectors.github.api.survey import Survey
from connectors.github.api.surveyed import answers_of, only
from connectors.github.asking import Asking, row_id
from connectors.hosting.place import Place
from connectors.hosting.readable import readable
from connectors.hosting.reader import Reader
from connectors.interface import Cursor, Json
from data.model import Pipeline, Record

_NO_FILE = "dynamic/"
"""Workflows that GitHub makes itself, such as those of its scans."""


class Pipelines(Reader):
    """Reads workflows, also those that are switched off."""

    kind: ClassVar[str] = "pipelines"
    entities: ClassVar[tuple[str, ...]] = ("pipeline", "gap")
    needs: ClassVar[str] = "Actions: read"
    blind: ClassVar[tuple[str, ...]] = ("IR-02",)

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def pull(self, place: Place, cursor: Cursor | None) -> Items:
        """Yields all workflows, if one is not what it was."""
        survey = Survey(self._asking.api, cursor, place.name, _counts)
        if survey.has_changed():
            survey.ask_list(
                "workflows",
                f"repos/{place.name}/actions/workflows",
                items=lambda answer: answer["workflows"],
            )
            yield survey.complete({"repository": place.name, "id": place.id})

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page."""
        repository = header["repository"]
        pages = answers_of(header, answers)["workflows"]
        items = [item for page in pages for item in page["workflows"]]
        yield from readable(
            self._asking, repository, "workflow", items, lambda item: self._row(repository, item)
        )

    def _row(self, repository: str, item: Json) -> Pipeline:
        path = item.get("path")
        state = item.get("state")
        return Pipeline(
            id=row_id(repository, "pipeline", item["id"]),
            source=self._asking.source,
            url=item.get("html_url") or self._asking.page(repository, "actions"),
            repository=repository,
            name=item["name"],
            path=None if not path or path.startswith(_NO_FILE) else path,
            is_active=None if state is None else state == "active",
        )


def _counts(_name: str, answer: Json) -> Json:
    workflows = answer.get("workflows") if isinstance(answer, dict) else None
    return only(workflows, "id", "name", "path", "state", "html_url")
