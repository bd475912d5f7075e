"""SQL of whether a charge fits what a rule says of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from data.costs.allocation.dimension import Dimension
from data.costs.allocation.ladder import DAY, Ladder, begun
from data.costs.allocation.matched import Matched, folded
from data.costs.allocation.span import span
from data.costs.bill.column import Type, known
from data.costs.bill.file import identifier


@dataclass(frozen=True)
class Fitting:
    """What rules and activities ask of a charge, as it is looked at."""

    ladders: Mapping[str, Ladder]
    """By column, the bounds that they compare it with."""

    def conditions(self, one: Matched) -> Iterator[str]:
        """Those of a rule or activity on a charge, and on its day; all are to be met."""
        yield from (self._fits(name, words) for name, words in one.match.items())
        yield from (f"not {self._fits(name, words)}" for name, words in one.unless.items())
        if one.from_ is not None:
            yield self._has_begun(one.from_)
        if one.until is not None:
            yield f"not {self._has_begun(one.until)}"

    def _has_begun(self, day: date) -> str:
        return self.ladders[DAY].holds(seen(DAY), begun(day))

    def _fits(self, name: str, words: Sequence[str]) -> str:
        parts = self._within(name, words) if name in self.ladders else _alike(seen(name), words)
        return f"coalesce({' or '.join(parts)}, false)"

    def _within(self, column: str, words: Sequence[str]) -> Iterator[str]:
        kind, ladder, rung = known().columns[column].type, self.ladders[column], seen(column)
        for word in words:
            yield ladder.holds(rung, span(word, kind)) if word.strip() else f"{rung} is null"


def _alike(value: str, words: Sequence[str]) -> Iterator[str]:
    words = [folded(word) for word in words]
    exact = [word for word in words if word and not set(word) & {"*", "?"}]
    if exact:
        yield one_of(value, exact)
    yield from (_like(value, word) for word in words if set(word) & {"*", "?"})
    if "" in words:
        yield f"coalesce({value}, '') = ''"


def one_of(value: str, words: Collection[str]) -> str:
    """SQL of whether a value is one of some texts."""
    return f"{value} in ({', '.join(map(literal, words))})" if words else "false"


def _like(value: str, pattern: str) -> str:
    escaped = pattern.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"{value} like {literal(escaped.replace('*', '%').replace('?', '_'))} escape '\\'"


def seen(name: str) -> str:
    """What a column or tag is called as it is looked at."""
    return identifier(f"{name} as matched")


def as_looked_at(one: Dimension) -> str:
    """SQL of a text of a charge `c`, or of its tags `t`, in lower case."""
    if one.is_tag:
        return f"t.{identifier(one.name)}"
    column = f"c.{identifier(one.column)}"
    if one.key is not None:
        pointer = "/" + folded(one.key).replace("~", "~0").replace("/", "~1")
        return folded_sql(f"json_extract_string(lower({column}), {literal(pointer)})")
    if one.type is Type.JSON:
        return f"case when {_is_bare(column)} then '' else {folded_sql(column)} end"
    return folded_sql(column)


def _is_bare(column: str) -> str:
    return f"regexp_full_match({column}, '[\\s{{}}\\[\\]]*|null')"


def folded_sql(text: str) -> str:
    """SQL of a text as it is compared: in lower case, without white space around it."""
    return f"lower(trim({text}, ' ' || chr(9) || chr(10) || chr(13)))"


def literal(text: str) -> str:
    """A text as SQL takes it."""
    return "'" + text.replace("'", "''") + "'"
