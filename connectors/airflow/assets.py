"""The stream of assets: the datasets, which DAGs make them and which wait for or read them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from connectors.airflow.api import API, AirflowApi
from connectors.airflow.lists import by_offsets, items_of
from connectors.airflow.naming import Naming, text, text_or_none
from connectors.airflow.whole import changed
from connectors.answers.moment import moment, moment_or_none
from connectors.answers.page import read_page
from connectors.answers.understanding import UNREADABLE
from connectors.interface import Batch, Cursor, Json, Stream
from data.model import Dataset, Gap, LineageEdge, NodeKind, Record

STREAM = Stream(
    "assets",
    ("dataset", "lineage_edge", "gap"),
    "the role Viewer: to read assets and asset aliases",
)
PATH = f"{API}/assets"

_READERS = ("scheduled_dags", "consuming_tasks")
_WRITERS = "producing_tasks"
_OPTIONAL = ("group", "created_at", *_READERS, _WRITERS)


class Assets:
    """Reads all assets that a DAG names."""

    def __init__(self, api: AirflowApi, naming: Naming) -> None:
        self._api = api
        self._naming = naming

    def pull(self, cursor: Cursor) -> Iterator[Batch | Gap]:
        """Yields the assets if they changed."""
        listed = by_offsets(PATH, "assets", ("id",), {"order_by": "id"})
        yield from changed(listed, self._api, cursor, self.rows)

    def rows(self, payload: bytes) -> Sequence[Record]:
        """Maps one page."""
        _, (page,) = read_page(payload)
        items = items_of(page, "assets")
        rows = [row for number, item in enumerate(items) for row in self._rows(number, item)]
        return [*rows, *self._naming.unknown_fields(STREAM.name, items, _OPTIONAL)]

    def _rows(self, number: int, item: Json) -> Sequence[Record]:
        try:
            return [self._dataset(item), *self._edges(item)]
        except UNREADABLE as error:
            told = item.get("id") if isinstance(item, dict) else None
            key = f"dataset/{told or f'{number} of a page'}"
            return [self._naming.unreadable(key, error)]

    def _dataset(self, item: Json) -> Dataset:
        return Dataset(
            id=self._naming.row_id("dataset", int(item["id"])),
            source=self._naming.source,
            url=self._naming.page("assets", str(int(item["id"]))),
            name=text(item, "name"),
            kind=text_or_none(item, "group"),
            owner=None,
            description=None,
            is_source=not item[_WRITERS] if _WRITERS in item else None,
            created_at=moment_or_none(item.get("created_at")),
        )

    def _edges(self, item: Json) -> Iterator[LineageEdge]:
        readers = [told for name in _READERS for told in item.get(name) or ()]
        writers = item.get(_WRITERS) or ()
        for dag, seen_at in _dags(readers).items():
            yield self._edge(item, dag, seen_at, is_made=False)
        for dag, seen_at in _dags(writers).items():
            yield self._edge(item, dag, seen_at, is_made=True)

    def _edge(self, item: Json, dag: str, seen_at: datetime, *, is_made: bool) -> LineageEdge:
        asset = (NodeKind.DATASET.value, text(item, "name"))
        pipeline = (NodeKind.PIPELINE.value, dag)
        origin, made = (pipeline, asset) if is_made else (asset, pipeline)
        way = "from" if is_made else "to"
        return LineageEdge(
            id=self._naming.row_id("lineage", int(item["id"]), way, dag),
            source=self._naming.source,
            from_kind=origin[0],
            from_name=origin[1],
            to_kind=made[0],
            to_name=made[1],
            seen_at=seen_at,
        )


def _dags(references: Sequence[Json]) -> dict[str, datetime]:
    """DAG to the time at which Airflow last wrote down that it has to do with an asset."""
    found: dict[str, datetime] = {}
    for told in references:
        dag, at = text(told, "dag_id"), moment(told["updated_at"])
        found[dag] = max(at, found.get(dag, at))
    return found
