"""Which rule holds for each charge: the first that matches.

A bill has the same service, account and tags in line after line, and to try hundreds of rules takes
long: they are tried once for each combination of what they look at, and each charge is joined to
its own. All conditions stand in one case, which gives a number. What a rule of that number does
stands in a table beside it: a second case over the first would have the planner write out each in
the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from data.costs.allocation.book import Book
from data.costs.allocation.dimension import TAG
from data.costs.allocation.fitting import Fitting, as_looked_at, folded_sql, literal, one_of, seen
from data.costs.allocation.ladder import ladders
from data.costs.allocation.matched import folded
from data.costs.allocation.rule import Rule
from data.costs.bill.file import identifier

NO_RULE = -1
"""Number of the rule of what none matches."""
_TAG_VALUE = "json_extract_string(pair.value, '$')"


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
                    {folded_sql("pair.key")} as folded,
                    nullif({folded_sql(_TAG_VALUE)}, '') as value
                from texts, json_each(Tags) as pair
            )
            select
                Tags{columns}
            from pairs
            group by Tags
        """

    @property
    def combinations(self) -> str:
        """SQL with one row for each combination of what rules look at, and what the book says.

        That is the `rule`, the `team` that the rule names, its `pool`, `bucket` and `reason`, and
        what the charge was for: `activity`, `subject` and `initiative`. It reads the tables
        `tag_value`, made by `tags`, and `rule_act`, `rule_name`, `activity_act` and
        `activity_name`.
        """
        looks = (one for one in self.book.dimensions if not one.is_ordered)
        picked = "".join(f",\n{as_looked_at(one)} as {seen(one.name)}" for one in looks)
        keys = ",\n".join(f"{sql} as {name}" for name, sql in self._keys.items())
        own = self.book.initiative_from
        initiative = "a.initiative" if own is None else f"coalesce(a.initiative, {_value(own)})"
        return f"""
            with combination as (
                select distinct
                    {keys or "true as is_there"}
                from charge c
            ),
            looked_at as (
                select
                    c.*{picked}
                from combination c
                {"left join tag_value t on t.Tags = c.Tags" if self.book.tags else ""}
            ),
            numbered as (
                select
                    *,
                    {_case(self._rules())} as rule,
                    {_case(self._activities())} as told
                from looked_at
            )
            select
                {"".join(f"c.{name}," for name in self._keys)}
                r.id as rule,
                r.pool,
                r.bucket,
                r.reason,
                coalesce(n.team, r.team) as team,
                a.activity,
                coalesce(s.name, {_picked("a.named_by", self.subjects)}) as subject,
                {initiative} as initiative
            from numbered c
            left join rule_act r
              on r.number = c.rule
            left join rule_name n
              on n.number = c.rule
             and n.value = {_picked("r.named_by", self.namings)}
            left join activity_act a
              on a.number = c.told
            left join activity_name s
              on s.number = c.told
             and s.value = {_picked("a.named_by", self.subjects)}
        """

    @property
    def select(self) -> str:
        """SQL with the rows of `charge`, and beside each what `combination` says of it."""
        own = ", ".join(self._keys)
        met = [f"r.{name} is not distinct from {sql}" for name, sql in self._keys.items()]
        return f"""
            select
                c.*,
                r.*{f" exclude ({own})" if own else ""}
            from charge c
            join combination r
              on {" and ".join(met) or "true"}
        """

    @property
    def _keys(self) -> dict[str, str]:
        """What rules tell charges apart by: columns, and where a number or moment stands."""
        looks = (one for one in self.book.dimensions if not one.is_ordered)
        columns = sorted({one.column for one in looks})
        keys = {identifier(name): f"c.{identifier(name)}" for name in columns}
        return keys | {
            seen(name): ladder.rung(f"c.{identifier(name)}")
            for name, ladder in self._fitting.ladders.items()
        }

    @property
    def namings(self) -> tuple[str, ...]:
        """The columns and tags that name teams."""
        return _unique(rule.team_from for rule in self.book.rule)

    @property
    def subjects(self) -> tuple[str, ...]:
        """The columns and tags that name what a charge was for."""
        return _unique(one.subject_from for one in self.book.activity)

    def names(self, rule: Rule) -> dict[str, str]:
        """The teams that values mean under a rule that lets a value name the team."""
        known = {folded(team): team for team in self.teams}
        return known | {folded(value): team for value, team in rule.teams.items()}

    def _rules(self) -> Iterator[str]:
        for rule in self.book.rule:
            parts = list(self._fitting.conditions(rule))
            if rule.team_from is not None:
                parts.append(one_of(seen(rule.team_from), self.names(rule)))
            yield " and ".join(parts) or "true"

    def _activities(self) -> Iterator[str]:
        for one in self.book.activity:
            yield " and ".join(self._fitting.conditions(one)) or "true"

    @cached_property
    def _fitting(self) -> Fitting:
        return Fitting(ladders(self.book))


def _unique(names: Iterator[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name is not None))


def _case(conditions: Iterator[str]) -> str:
    """The number of the first condition that is met."""
    whens = "\n".join(f"when {met} then {number}" for number, met in enumerate(conditions))
    return f"case {whens} else {NO_RULE} end" if whens else str(NO_RULE)


def _picked(number: str, names: Sequence[str]) -> str:
    """The value of the column or tag that a number stands for; nothing is null."""
    whens = "\n".join(f"when {index} then {_value(name)}" for index, name in enumerate(names))
    return f"case {number} {whens} end" if whens else "cast(null as varchar)"


def _value(name: str) -> str:
    return f"nullif(c.{seen(name)}, '')"


def _first(book: Book, tag: str) -> str:
    """The value under the first of a tag's names that is there, written exactly so or alike."""
    found = [
        f"max(value) filter (where {column} = {literal(name)})"
        for alias in book.aliases(tag)
        for column, name in (("name", alias), ("folded", folded(alias)))
    ]
    return f"coalesce({', '.join(found)})"
