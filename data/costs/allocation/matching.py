"""Which rule holds for each charge, as one statement: the first that matches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from data.costs.allocation.book import TAG, Book, Rule
from data.costs.bill.file import identifier

NO_RULE = -1
"""Number of the rule of what none matches."""


@dataclass(frozen=True)
class Matching:
    """The rules of a book as SQL over the table `charge`."""

    book: Book
    teams: Sequence[str]
    """All teams, by their ids."""

    @property
    def tags(self) -> str:
        """SQL with one row for each text of tags, and a column for each tag that rules look at.

        Reading JSON is slow, and a bill has the same text of tags again and again.
        """
        picked = [f"{_first(self.book, tag)} as {identifier(TAG + tag)}" for tag in self.book.tags]
        columns = "".join(f",\n    {one}" for one in picked)
        return f"""
            with texts as (select distinct Tags from charge where Tags is not null),
            pairs as (
                select
                    Tags,
                    pair.key as name,
                    lower(trim(pair.key)) as folded,
                    lower(trim(json_extract_string(pair.value, '$'))) as value
                from texts, json_each(Tags) as pair
            )
            select
                Tags{columns}
            from pairs
            group by Tags
        """

    @property
    def select(self) -> str:
        """SQL with the rows of `charge`, the number of the `rule` of each, and the `team` it names.

        It reads the table `tag_value`, made by `tags`, and `team_name`, made of `names`.
        """
        if not self.book.rule:
            return f"select *, {NO_RULE} as rule, cast(null as varchar) as team from charge"
        numbers, teams, joins, named = [], [], [], []
        for index, rule in enumerate(self.book.rule):
            numbers.append(f"when {self._holds(index, rule)} then {index}")
            if rule.team is not None:
                teams.append(f"when {index} then {literal(rule.team)}")
            if rule.team_from is not None:
                teams.append(f"when {index} then named_{index}")
                named.append(f"named_{index}")
                joins.append(
                    f"left join team_name n{index} on n{index}.rule = {index} "
                    f"and n{index}.value = {_folded(rule.team_from)}"
                )
        picked = "".join(f", n{one.removeprefix('named_')}.team as {one}" for one in named)
        return f"""
            with numbered as (
                select
                    c.*,
                    case {_lines(numbers)} else {NO_RULE} end as rule{picked}
                from charge c
                left join tag_value t on t.Tags = c.Tags
                {_lines(joins)}
            )
            select
                *{f" exclude ({', '.join(named)})" if named else ""},
                {f"case rule {_lines(teams)} end" if teams else "cast(null as varchar)"} as team
            from numbered
        """

    def names(self) -> Iterator[tuple[int, str, str]]:
        """Of each rule that lets a value name the team: its number, the value, and the team."""
        for index, rule in self._naming():
            known = {team.lower(): team for team in self.teams}
            known |= {value.strip().lower(): team for value, team in rule.teams.items()}
            for value, team in known.items():
                yield index, value, team

    def _naming(self) -> Iterator[tuple[int, Rule]]:
        for index, rule in enumerate(self.book.rule):
            if rule.team_from is not None:
                yield index, rule

    def _holds(self, index: int, rule: Rule) -> str:
        parts = [_fits(name, words) for name, words in rule.match.items()]
        parts += [f"not {_fits(name, words)}" for name, words in rule.unless.items()]
        if rule.from_ is not None:
            parts.append(f"c.ChargePeriodStart >= timestamptz '{rule.from_} 00:00:00+00'")
        if rule.until is not None:
            parts.append(f"c.ChargePeriodStart < timestamptz '{rule.until} 00:00:00+00'")
        if rule.team_from is not None:
            parts.append(f"n{index}.team is not null")
        return " and ".join(parts) or "true"


def _first(book: Book, tag: str) -> str:
    """The value under the first of a tag's names that is there, written exactly so or alike."""
    found = [
        f"max(value) filter (where {column} = {literal(name)})"
        for alias in book.aliases(tag)
        for column, name in (("name", alias), ("folded", alias.strip().lower()))
    ]
    return f"coalesce({', '.join(found)})"


def _folded(name: str | None) -> str:
    """The SQL of a column or tag, in lower case."""
    if name is not None and name.startswith(TAG):
        return f"t.{identifier(name)}"
    return f"lower(trim(c.{identifier(name or '')}))"


def _fits(name: str, words: Sequence[str]) -> str:
    value = _folded(name)
    exact = [word.lower() for word in words if word and not set(word) & {"*", "?"}]
    parts = [f"{value} in ({', '.join(map(literal, exact))})"] if exact else []
    parts += [_like(value, word.lower()) for word in words if set(word) & {"*", "?"}]
    if "" in words:
        parts.append(f"coalesce({value}, '') = ''")
    return f"coalesce({' or '.join(parts)}, false)"


def _like(value: str, pattern: str) -> str:
    escaped = pattern.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"{value} like {literal(escaped.replace('*', '%').replace('?', '_'))} escape '\\'"


def literal(text: str | None) -> str:
    """A text as SQL takes it."""
    return "null" if text is None else "'" + text.replace("'", "''") + "'"


def _lines(parts: Sequence[str]) -> str:
    return "\n".join(parts)
