"""The stream of DAGs: which pipelines there are, whose they are and when they are to run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectors.airflow.api import API, AirflowApi
from connectors.airflow.lists import by_offsets, items_of
from connectors.airflow.naming import Naming, text, text_or_none
from connectors.airflow.whole import changed
from connectors.answers.page import read_page
from connectors.answers.private import without_addresses_in
from connectors.answers.understanding import UNREADABLE
from connectors.credential import redact
from connectors.http.errors import Refused
from connectors.interface import Batch, Cursor, Json, Stream
from data.model import Gap, GapReason, Pipeline, PipelineKind, Record

STREAM = Stream("dags", ("pipeline", "gap"), "the role Viewer: to read DAGs and import errors")
PATH = f"{API}/dags"
ERRORS_PATH = f"{API}/importErrors"

_ASKED = {"order_by": "dag_id", "exclude_stale": False}
_OPTIONAL = ("timetable_summary", "relative_fileloc", "owners", "tags", "is_stale")
_NOBODY = frozenset({"", "airflow"})
"""Owners that stand for nobody: the second is what Airflow puts where none is named."""
_TEAM = "team:"
_LONGEST = 200


class Dags:
    """Reads all DAGs, also those whose file is gone."""

    def __init__(self, api: AirflowApi, naming: Naming) -> None:
        self._api = api
        self._naming = naming

    def pull(self, cursor: Cursor) -> Iterator[Batch | Gap]:
        """Yields the DAGs if they changed, and what of their files cannot be imported."""
        unknown = self._api.description.unknown(f"/{PATH}", _ASKED)
        if unknown:
            what = "DAGs whose file is gone may be told no more"
            yield self._naming.filter_ignored(STREAM.name, sorted(unknown), what)
        listed = by_offsets(PATH, "dags", ("dag_id",), _ASKED)
        yield from changed(listed, self._api, cursor, self.rows)
        yield from self.import_errors()

    def import_errors(self) -> Iterator[Gap]:
        """Yields the files that Airflow cannot read: whatever they define runs no more."""
        listed = by_offsets(ERRORS_PATH, "import_errors", ("import_error_id",), {"order_by": "id"})
        try:
            errors = [error for page in listed.pages(self._api) for error in page.items]
        except Refused as refused:
            yield refused.gap(self._naming.prefix, self._naming.source, "import_errors")
            return
        yield from map(self._import_error, errors)

    def rows(self, payload: bytes) -> Sequence[Record]:
        """Maps one page."""
        _, (page,) = read_page(payload)
        items = items_of(page, "dags")
        rows = [self._row(number, item) for number, item in enumerate(items)]
        return [*rows, *self._naming.unknown_fields(STREAM.name, items, _OPTIONAL)]

    def _row(self, number: int, item: Json) -> Record:
        try:
            return self._pipeline(item)
        except UNREADABLE as error:
            name = item.get("dag_id") if isinstance(item, dict) else None
            key = f"pipeline/{name or f'{number} of a page'}"
            return self._naming.unreadable(key, error)

    def _pipeline(self, item: Json) -> Pipeline:
        name = text(item, "dag_id")
        return Pipeline(
            id=self._naming.row_id("pipeline", name),
            source=self._naming.source,
            url=self._naming.page("dags", name),
            repository=None,
            name=name,
            path=text_or_none(item, "relative_fileloc") or text_or_none(item, "fileloc"),
            is_active=_is_active(item),
            kind=PipelineKind.DATA.value,
            owner=_owner(item),
            schedule=text_or_none(item, "timetable_summary"),
        )

    def _import_error(self, item: Json) -> Gap:
        told = item if isinstance(item, dict) else {}
        where = "/".join(str(told[name]) for name in ("bundle_name", "filename") if told.get(name))
        lines = str(told.get("stack_trace") or "").strip().splitlines() or ["no reason is told"]
        said = without_addresses_in(redact(" ".join(lines[-1].split())))[:_LONGEST]
        what = f"{where or 'a file'} cannot be imported, so that its DAGs run no more: {said}"
        key = f"import_error/{told.get('import_error_id')}"
        return self._naming.gap(key, GapReason.UNREADABLE, what, "mend the file", 1)


def _is_active(item: Json) -> bool | None:
    """Whether it can run; null where the server does not say both."""
    is_paused, is_stale = item["is_paused"], item.get("is_stale")
    if not isinstance(is_paused, bool):
        raise TypeError(f"is_paused is {is_paused!r}")
    if is_paused or is_stale is True:
        return False
    return True if is_stale is False else None


def _owner(item: Json) -> str | None:
    """The team that a tag names, else the accounts that its tasks name."""
    tags = [tag["name"] for tag in item.get("tags") or ()]
    teams = sorted(tag.removeprefix(_TEAM) for tag in tags if tag.startswith(_TEAM))
    owners = sorted(name for name in item.get("owners") or () if name not in _NOBODY)
    return ", ".join(filter(None, teams)) or ", ".join(owners) or None
