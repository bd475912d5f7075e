"""The source `bills`: files of charges, which are read strictly and kept line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel

from connectors.bills.page import page_rows, write_page
from connectors.bills.settings import BillSettings, Unit
from connectors.interface import (
    Batch,
    Connector,
    Context,
    Cursor,
    Finding,
    Reading,
    Severity,
    SourceUnavailable,
    Stream,
)
from data.costs.bill.examining import Progress, examine
from data.costs.bill.native.mapping import kind
from data.costs.bill.places import NoBill, bills
from data.costs.bill.refusal import BillRefused
from data.costs.loads import Loads, load_name
from data.durable import file_hash
from data.model import Gap, GapReason, Record

_ENTITIES = ("bill", "bill_part", "gap")


class Bills(Connector):
    """Reads bills, a stream each. One that is gone stays: it was paid all the same."""

    Settings: ClassVar[type[BaseModel]] = BillSettings

    is_live = False

    def __init__(self, source: str, settings: BillSettings, context: Context) -> None:
        self.source = source
        self._settings = settings
        self._context = context
        self._loads = Loads(context.bills)
        self.is_finished = settings.ends is not None and settings.ends <= context.clock().date()

    def discover(self) -> Sequence[Stream]:
        """A stream for each file.

        Raises:
            SourceUnavailable: if there is none.
        """
        return [
            Stream(self._name(path), _ENTITIES, "the right to read it") for path in self._paths()
        ]

    def pull(self, stream: Stream, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields a file that is new, or changed, or is read otherwise now."""
        path = self._context.folder / stream.name
        if not path.exists():
            return
        form = self._settings.written
        before = path.stat()
        sha256 = file_hash(path)
        state = {"sha256": sha256, "load": load_name(path, sha256, form),
                 "delivery": self._settings.delivery, "unit": self._settings.unit}  # fmt: skip
        if cursor == state and self._loads.path(state["load"]).exists():
            return
        self._context.progress(f"{self.source}: {stream.name}", 0, None)
        try:
            load = self._loads.put(path, sha256, form, self._progress(stream.name))
        except BillRefused as refused:
            yield self._refused(stream.name, refused)
            return
        if path.stat().st_mtime_ns != before.st_mtime_ns:
            what = "was written to while it was read"
            raise SourceUnavailable(what, str(path), "sync again when it is whole")
        written_at = min(datetime.fromtimestamp(before.st_mtime, UTC), self._context.clock())
        payload = write_page(
            stream.name, self._unit(stream.name), sha256, written_at, self._settings, load
        )
        yield Batch(payload, state, Reading.COMPLETE, is_last=True, is_first=True,
                    complete_until=written_at)  # fmt: skip

    def rows(self, stream: str, payload: bytes) -> Sequence[Record]:  # noqa: ARG002 - pages name their file
        """Maps a page."""
        return list(page_rows(self.source, payload))

    def check(self) -> Sequence[Finding]:
        """Reads each file, and says what would be refused."""
        try:
            paths = self._paths()
        except SourceUnavailable as error:
            return [Finding(Severity.ERROR, error.what, error.where, error.fix)]
        return [self._finding(path) for path in paths]

    def _finding(self, path: Path) -> Finding:
        try:
            found = examine(path, self._settings.written)
        except BillRefused as error:
            return Finding(Severity.ERROR, error.what, error.where, error.fix)
        what = f"{kind(found.version)}: {found.taken:,} of {found.rows:,} rows would be taken"
        if found.refused_rows:
            fix = f"see why with `cairn cost check {path}`"
            return Finding(Severity.WARNING, what, self._name(path), fix)
        return Finding(Severity.OK, what, self._name(path))

    def _progress(self, name: str) -> Progress:
        return lambda done: self._context.progress(f"{self.source}: {name}, per cent", done, 100)

    def _paths(self) -> list[Path]:
        try:
            return bills([str(self._context.folder / Path(self._settings.path).expanduser())])
        except NoBill as error:
            fix = "correct `path`, or bring a bill"
            raise SourceUnavailable(error.what, error.where, fix) from error

    def _name(self, path: Path) -> str:
        folder = self._context.folder.absolute()
        absolute = path.absolute()
        is_below = absolute.is_relative_to(folder)
        return (absolute.relative_to(folder) if is_below else absolute).as_posix()

    def _unit(self, name: str) -> str:
        return name if self._settings.unit is Unit.FILE else str(Path(name).parent)

    def _refused(self, name: str, refused: BillRefused) -> Gap:
        return Gap(
            id=f"bills:{self.source}#gap/{name}",
            source=self.source,
            reason=GapReason.UNREADABLE,
            what=f"{name}: {refused.what}",
            fix=refused.fix,
            count=None,
        )
