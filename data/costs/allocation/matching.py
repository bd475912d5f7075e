"""Which rule holds for each charge, as one statement: the first that matches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from data.costs.allocation.book import TAG, Activity, Book, Rule
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

        Beside them stands what each was for: `activity`, `subject` and `initiative`. It reads the
        table `tag_value`, made by `tags`, and `team_name`, made of `names`.
        """
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
        told = Told(self.book)
        picked = "".join(f", n{one.removeprefix('named_')}.team as {one}" for one in named)
        picked += "".join(f", t.{column}" for column in told.tags)
        return f"""
            with numbered as (
                select
                    c.*,
                    {_case(numbers, str(NO_RULE))} as rule,
                    {told.number} as told{picked}
                from charge c
                left join tag_value t on t.Tags = c.Tags
                {_lines(joins)}
            )
            select
                * exclude ({", ".join(["told", *named, *told.tags])}),
                {_case(teams, "cast(null as varchar)", "rule")} as team,
                {told.activity} as activity,
                {told.subject} as subject,
                {told.initiative} as initiative
            from numbered c
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
        parts = list(_met(rule))
        if rule.team_from is not None:
            parts.append(f"n{index}.team is not null")
        return " and ".join(parts) or "true"


@dataclass(frozen=True, slots=True)
class Told:
    """What charges were for, as SQL: one case over the charges, the rest by its number."""

    book: Book

    @property
    def number(self) -> str:
        """The number of the activity of a charge."""
        met = [
            f"when {' and '.join(_met(one)) or 'true'} then {index}"
            for index, one in enumerate(self.book.activity)
        ]
        return _case(met, str(NO_RULE))

    @property
    def subject(self) -> str:
        """The service, model or pipeline that a charge of an activity names."""
        named = [
            f"when {index} then {_renamed(one)}"
            for index, one in enumerate(self.book.activity)
            if one.subject_from is not None
        ]
        return _case(named, _NO_TEXT, "told")

    @property
    def activity(self) -> str:
        """What the activity of a number is called."""
        named = [
            f"when {index} then {literal(one.activity)}"
            for index, one in enumerate(self.book.activity)
        ]
        return _case(named, _NO_TEXT, "told")

    @property
    def initiative(self) -> str:
        """The initiative of the activity, else the one that the charge names."""
        named = [
            f"when {index} then {literal(one.initiative.lower())}"
            for index, one in enumerate(self.book.activity)
            if one.initiative is not None
        ]
        own = self.book.initiative_from
        return _case(named, _NO_TEXT if own is None else _value(own), "told")

    @property
    def tags(self) -> tuple[str, ...]:
        """The columns of tags that are asked for names."""
        asked = (self.book.initiative_from, *(one.subject_from for one in self.book.activity))
        named = {name for name in asked if name is not None and name.startswith(TAG)}
        return tuple(identifier(name) for name in sorted(named))


_NO_TEXT = "cast(null as varchar)"


def _met(one: Rule | Activity) -> Iterator[str]:
    """The conditions of a rule or activity on a charge, and on its day."""
    yield from (_fits(name, words) for name, words in one.match.items())
    yield from (f"not {_fits(name, words)}" for name, words in one.unless.items())
    if one.from_ is not None:
        yield f"c.ChargePeriodStart >= timestamptz '{one.from_} 00:00:00+00'"
    if one.until is not None:
        yield f"c.ChargePeriodStart < timestamptz '{one.until} 00:00:00+00'"


def _renamed(one: Activity) -> str:
    value = _value(one.subject_from)
    named = [
        f"when {literal(told.strip().lower())} then {literal(name)}"
        for told, name in one.subjects.items()
    ]
    return _case(named, value, value)


def _value(name: str | None) -> str:
    """What a column or tag names, of a charge whose tags stand beside it; nothing is null."""
    return f"nullif(lower(trim(c.{identifier(name or '')})), '')"


def _case(whens: Sequence[str], otherwise: str, of: str = "") -> str:
    """A case, of a value or of conditions; without any, what is said otherwise."""
    if not whens:
        return otherwise
    return f"case {of} {_lines(whens)} else {otherwise} end"


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
