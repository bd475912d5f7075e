"""What the rows of one source of files are called, and what is told in place of a missing one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from connectors.files.file import NotUnderstood
from connectors.files.said import UNREADABLE, brief
from connectors.interface import Json
from connectors.missing import as_text
from data.model import ENTITY_OF, Gap, GapReason, Record

_MISFIT = "check that the version of the tool that wrote it is one that is supported"


@dataclass(frozen=True, slots=True)
class Naming:
    """The kind and the name of a source."""

    kind: str
    source: str

    def id(self, *parts: str | int) -> str:
        """A readable id, such as `dbt:shop#dataset/model.shop.orders`."""
        return f"{self.kind}:{self.source}#{'/'.join(map(str, parts))}"

    def gap(
        self, key: str, reason: GapReason, what: str, fix: str, *, about: str | None = None
    ) -> Gap:
        """Something that is missing.

        Args:
            key: what its id ends with.
            reason: why.
            what: in words.
            fix: what a reader can do.
            about: id of the row that it stands in place of.
        """
        return Gap(
            id=as_text(self.id("gap", key)),
            source=self.source,
            reason=reason.value,
            what=as_text(what),
            fix=fix,
            count=1,
            about=about and as_text(about),
        )

    def misread(self, what: str, error: Exception, about: str) -> Gap:
        """Something in a file that is not what it should be."""
        why = f"{type(error).__name__}: {brief(str(error))}"
        fix = error.fix if isinstance(error, NotUnderstood) else _MISFIT
        return self.gap(
            f"misread/{about.partition('#')[2]}",
            GapReason.UNREADABLE,
            f"{brief(what)} cannot be understood ({why})",
            fix,
            about=about,
        )

    def unread_part(self, what: str, path: str, number: int) -> Gap:
        """A part of a file that could not be understood, and of which nothing was archived."""
        said = f"{brief(path)}: {what} {number + 1} cannot be understood"
        return self.gap(f"misread/{path}/{number}", GapReason.UNREADABLE, said, _MISFIT)

    def each(
        self,
        entity: str,
        items: Iterable[tuple[str, Json]],
        rows_of: Callable[[str, Json], Iterable[Record]],
    ) -> Iterator[Record]:
        """The rows of things, with a gap in place of each that is not what it should be.

        Args:
            entity: first part of the ids of their rows.
            items: the rest of the id, and what is told, of each.
            rows_of: maps one of them.
        """
        for key, told in items:
            try:
                yield from list(rows_of(key, told))
            except UNREADABLE as error:
                yield self.misread(f"{entity} {key}", error, self.id(entity, key))

    def fitted(self, records: Iterable[Record]) -> list[Record]:
        """The rows, each once, with a gap in place of each that its entity cannot take."""
        told: dict[type[Record], dict[str, Record]] = defaultdict(dict)
        for record in records:
            told[type(record)][record.id] = record
        gaps = told.pop(Gap, {})
        for kind, alike in told.items():
            if not _is_fit(kind, alike.values()):
                misfits = {gap.about: gap for row in alike.values() for gap in self._misfit(row)}
                gaps |= {gap.id: gap for gap in misfits.values()}
                told[kind] = {id: row for id, row in alike.items() if as_text(id) not in misfits}
        return [*(row for alike in told.values() for row in alike.values()), *gaps.values()]

    def _misfit(self, record: Record) -> Iterator[Gap]:
        problem = ENTITY_OF[type(record)].misfit(record)
        if problem:
            about = as_text(record.id)
            yield self.misread(about, ValueError(problem), about)


def _is_fit(kind: type[Record], records: Iterable[Record]) -> bool:
    try:
        ENTITY_OF[kind].table(records)
    except (ValueError, TypeError, OverflowError):
        return False
    return True
