"""The working database: all canonical rows and the cursors of the streams they came from.

Only the writer opens it. It changes by applying events of the log alone, each in one transaction
together with the byte of the log it has come to: killed anywhere, it is what the log said up to
there.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from data.model import ENTITIES, ENTITY_OF, Gap, Record
from data.store import content
from data.store.held import Held
from data.store.log import Event, EventType
from data.store.merge import (
    Touched,
    close_gaps,
    delete_gaps_but,
    delete_source,
    delete_unseen,
    forget_seen,
    merge_rows,
)
from data.store.page import Page
from data.store.refusal import WorkingDamaged
from data.store.run import Run
from data.store.standing import STANDING, gaps_of
from data.store.streams import cursor_of, move_cursor, note_run
from data.store.together import Paged, Part, Tables, Told, batches, together
from data.store.working_file import open_file

__all__ = ["STANDING", "Run", "Tables", "Told", "Touched", "Working", "WorkingDamaged", "tables_of"]


class Working:
    """An open working database."""

    def __init__(self, path: Path) -> None:
        """Opens the file, which is made if there is none.

        Raises:
            StoreRefused: if the disk says no.
            WorkingDamaged: if it cannot be read.
        """
        self.connection = open_file(path)
        self._held = Held(self.connection)
        self._is_in_transaction = False

    def close(self) -> None:
        """Closes the database; committed rows are safe without it."""
        self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commits all or nothing; inside another one, with that."""
        if self._is_in_transaction:
            yield
            return
        self.connection.execute("begin")
        self._is_in_transaction = True
        try:
            yield
            self.connection.execute("commit")
        except BaseException:
            # After a commit that the disk refused there is nothing to roll back any more.
            with suppress(duckdb.Error):
                self.connection.execute("rollback")
            raise
        finally:
            self._is_in_transaction = False

    def apply(self, event: Event, end: int | None = None) -> Touched:
        """Does what an event of the log tells, in one transaction; see `Told` for `end`."""
        return self.apply_all([Told(event, end)])

    def apply_all(self, told: Sequence[Told]) -> Touched:
        """Does what events of the log tell that follow each other, in one transaction."""
        touched = Touched()
        with self.transaction():
            for some in together(told):
                touched += self._do(some) if isinstance(some, Event) else self._merge_pages(some)
            self.connection.execute(
                "update state set log_end = coalesce(?, log_end), changes = changes + ?",
                [told[-1].end, int(touched != Touched())],
            )
        return touched

    def merge_records(self, page: Page, records: Iterable[Record]) -> Touched:
        """Merges one page's records and moves the stream's cursor, in one transaction."""
        return self.merge(page, tables_of(records))

    def merge(self, page: Page, tables: Tables) -> Touched:
        """Merges Arrow tables by entity name, as `merge_records` does."""
        return self.apply_all([Told(page.event(), tables=tables)])

    def cursor(self, source: str, stream: str, settings: str | None) -> Any:
        """The cursor of a stream, or None if it was never read or its settings changed.

        Args:
            source: name of the source.
            stream: name of the stream.
            settings: those it must have been read with; None: whichever.
        """
        return cursor_of(self.connection, source, stream, settings)

    def settings(self) -> dict[str, str | None]:
        """Every source anything is known of, and the settings hash it was read with."""
        rows = self.connection.execute(
            """
            select source, max(settings)
            from (
                select source, settings from stream
                union all
                select source, null from gap
            ) known
            group by source
            order by source
            """
        ).fetchall()
        return dict(rows)

    def standing_gaps(self, source: str) -> Mapping[str, frozenset[Gap]]:
        """What each stream of a source is known to lack as a whole; those without are left out."""
        found: dict[str, set[Gap]] = defaultdict(set)
        standing = "source = ? and evidence = ?"
        for stream, gap in self._gaps(standing, source, STANDING):
            found[stream].add(gap)
        return {stream: frozenset(gaps) for stream, gaps in found.items()}

    def streams(self, source: str) -> list[str]:
        """The streams of which anything was read, also those that are there no more."""
        rows = self.connection.execute(
            "select stream from stream where source = ? order by stream", [source]
        ).fetchall()
        return [str(name) for (name,) in rows]

    def known_days(self) -> str:
        """SHA-256 of the day up to which each stream is known; days without events count too."""
        rows = self.connection.execute(
            """
            select
                source,
                stream,
                cast(coalesce(complete_until, read_at) as date) as known_on
            from stream
            order by source, stream
            """
        ).fetchall()
        return hashlib.sha256(json.dumps(rows, default=str).encode()).hexdigest()

    def gaps(self) -> list[Gap]:
        """All that is known to be missing, by source."""
        return [gap for _, gap in self._gaps("true order by source, stream, reason, id")]

    @property
    def log_end(self) -> int:
        """The byte of the log up to which its events are applied."""
        return int(self._state("log_end"))

    @property
    def revision(self) -> str:
        """Another one after each change of a row, and in each rebuilt database."""
        return f"{self._state('lineage')}-{self._state('changes')}"

    def last_run(self) -> str | None:
        """The id of the newest sync."""
        ((newest,),) = self.connection.execute("select max(id) from sync_run").fetchall()
        return str(newest) if newest else None

    def content_hash(self) -> str:
        """SHA-256 over all canonical rows in id order, without how and when they were read."""
        return content.content_hash(self.connection)

    def counts(self) -> dict[str, int]:
        """Rows per entity."""
        return content.counts(self.connection)

    def _state(self, column: str) -> Any:
        ((value,),) = self.connection.execute(f"select {column} from state").fetchall()
        return value

    def _do(self, event: Event) -> Touched:
        """Does what an event tells that is no page."""
        if event.type is EventType.GAPS:
            return self._replace_gaps(event)
        if event.type is EventType.RESET:
            return delete_source(self.connection, event.source, **event.detail)
        note_run(self.connection, Run.of(event))
        return Touched()

    def _gaps(self, condition: str, *parameters: str) -> Iterator[tuple[str, Gap]]:
        """Gaps, each with its stream."""
        columns = ", ".join(f'"{column.name}"' for column in ENTITIES["gap"].columns)
        rows = self.connection.sql(
            f"select stream, {columns} from gap where {condition}", params=parameters
        ).to_arrow_table()
        for row in rows.to_pylist():
            yield row.pop("stream"), Gap(**row)

    def _merge_pages(self, pages: Sequence[Paged]) -> Touched:
        """Merges the rows of pages that belong together, and moves the cursor of their stream."""
        parts: dict[str, list[Part]] = defaultdict(list)
        for each in pages:
            for name, table in each.tables.items():
                parts[name].append((each.page, table))
        last = pages[-1].page
        if pages[0].page.is_first or not last.is_complete:
            forget_seen(self.connection, last)
        touched = Touched()
        if "gap" in self._held.entities(last.source, last.stream):
            touched += close_gaps(self.connection, last, parts)
        for name, some in parts.items():
            for batch in batches(some):
                touched += merge_rows(self.connection, last, ENTITIES[name], batch)
            self._held.note(last.source, last.stream, name)
        if last.is_complete and last.is_last:
            held = self._held.entities(last.source, last.stream)
            touched += delete_unseen(self.connection, last, held)
            forget_seen(self.connection, last)
        move_cursor(self.connection, last)
        return touched

    def _replace_gaps(self, event: Event) -> Touched:
        gaps = {gap.id: gap for gap in gaps_of(event)}
        page = Page(event.source, event.stream, STANDING, event.happened_at, settings="")
        touched = Touched()
        for batch in batches([(page, ENTITIES["gap"].table(gaps.values()))]):
            touched += merge_rows(self.connection, page, ENTITIES["gap"], batch)
        if event.detail["is_whole"]:
            touched += delete_gaps_but(self.connection, event.source, event.stream, list(gaps))
        return touched


def tables_of(records: Iterable[Record]) -> dict[str, pa.Table]:
    """Arrow tables of a page's records; of two with one id, the later counts.

    Raises:
        ValueError: naming the record that does not fit its entity.
    """
    by_entity: dict[str, dict[str, Record]] = {}
    for record in records:
        by_entity.setdefault(ENTITY_OF[type(record)].name, {})[record.id] = record
    return {name: ENTITIES[name].table(rows.values()) for name, rows in by_entity.items()}
