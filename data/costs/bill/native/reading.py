"""How an export of a provider is read: its own values first, then those of FOCUS from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from data.costs.bill.column import Column, Type, known
from data.costs.bill.form import Form
from data.costs.bill.native.mapping import WORD as _WORD
from data.costs.bill.native.mapping import Export, Read, View, words
from data.costs.bill.reading import (
    MUST_BE,
    counted,
    joined,
    refused,
    rounded,
    text_of,
    told,
    told_of,
    value_of,
)
from data.costs.bill.rule import Rule, refusing
from data.costs.bill.table import ROW, BillFile, Place, identifier, text_literal


@dataclass(frozen=True)
class ExportReading:
    """How one file of an export is read."""

    file: BillFile
    declared: Form
    export: Export

    @property
    def form(self) -> Form:
        """How its values are written."""
        if self.export.moments and not self.declared.moments:
            return self.declared.model_copy(update={"moments": self.export.moments})
        return self.declared

    @cached_property
    def places(self) -> Mapping[str, Place]:
        """Where the values are that the export can have and the file has."""
        return {name: place for name, place in _places(self.export, self.file) if place}

    @property
    def columns(self) -> Sequence[str]:
        """The columns of FOCUS that it gives."""
        return tuple(self.export.gives)

    @property
    def version(self) -> str:
        """The export."""
        return self.export.id

    @property
    def view(self) -> View:
        """Which of the two amounts it tells."""
        return self.export.view

    @property
    def others(self) -> Sequence[str]:
        """What it has beside is its own affair."""
        return ()

    @property
    def missing(self) -> Mapping[str, str | None]:
        """Mandatory columns that it cannot tell, and why."""
        return self.export.cannot

    @property
    def asked(self) -> Sequence[Rule]:
        """What the export itself says must hold."""
        return self.export.checks

    @property
    def values(self) -> str:
        """SQL of all records with what expressions can name, a row for each charge."""
        number = f"{ROW}, " if self.file.is_numbered else ""
        return f"""
            written as (
                select {number}{joined(self._written())} from ({self.file.relation})
            ),
            parted as (select *, {self._part()} from written),
            texts as (select *, {joined(self._part_texts())} from parted),
            valued as (select *, {joined(self._valued())} from texts),
            named as (select *, {joined(self._named())} from valued)
        """

    @property
    def select(self) -> str:
        """SQL whose rows are the charges of the file."""
        number = f"{ROW}, " if self.file.is_numbered else ""
        return f"""
            with {self.values},
            given as (select *, {joined(self._given())} from named),
            judged as (select *, {refused(self._reasons())} as refused from given)
            select {number}{joined(self._kept())}, {self._rounded()} as rounded, refused
            from judged
        """

    def _written(self) -> Iterator[str]:
        for name, place in self.places.items():
            yield f"{self.file.text(place, self.form)} as {_text(name)}"
            if self.file.is_native(place) and not place.inside:
                yield f"{identifier(place.column)} as {_cell(name)}"
        for called in self.file.names:
            yield f"{self.file.text(Place(called), self.form)} as {identifier(f'x_{called}')}"

    def _part(self) -> str:
        parts = self.export.parts
        if parts is None:
            return "false as is_part"
        each = _WORD.sub(lambda found: self._text_or_none(found.group()), parts.each or "")
        listed = _objects(_text(parts.of)) if parts.of else f"({each})"
        whole = f"unnest(list_prepend(null, coalesce({listed}, [])))"
        return f"{whole} as part, part is not null as is_part"

    def _text_or_none(self, word: str) -> str:
        """A word of SQL, or the text of a value if it names one."""
        if word not in self.export.reads:
            return word
        return _text(word) if word in self.places else "cast(null as varchar)"

    def _part_texts(self) -> Iterator[str]:
        for name, read in self._part_reads():
            step = text_literal(f'$."{read.called[0]}"')
            yield f"{self.form.text(f'(part ->> {step})')} as {_text(name)}"
        yield "true as is_read"

    def _part_reads(self) -> Iterator[tuple[str, Read]]:
        if self.export.parts:
            yield from self.export.parts.reads.items()

    def _valued(self) -> Iterator[str]:
        for name, read in self.export.reads.items():
            if place := self.places.get(name):
                is_own = self.file.is_native(place) and not place.inside
                cell = _cell(name) if is_own else _text(name)
                value = self.file.value(place, _text(name), cell, self.form, read.type)
            else:
                value = f"cast(null as {read.type.sql})"
            yield f"{value} as {_value(name)}, {_value(name)} as {name}"
        for name, read in self._part_reads():
            value = self.form.value(_text(name), read.type)
            yield f"{value} as {_value(name)}, {_value(name)} as {name}"

    def _named(self) -> Iterator[str]:
        for name, lookup in self.export.lookups.items():
            whens = " ".join(
                f"when {text_literal(key)} then {text_literal(value)}"
                for key, value in lookup.values.items()
            )
            yield f"case {lookup.of} {whens} end as {name}"
        yield f"{self._column_tags()} as column_tags"
        for name in ("currency", "account"):
            said = getattr(self.declared, name)
            value = "null" if said is None else text_literal(said)
            yield f"cast({value} as varchar) as declared_{name}"

    def _column_tags(self) -> str:
        prefixes = self.export.tags.prefixes if self.export.tags else {}
        tags = [
            (told_as + column[len(prefix) :], identifier(f"x_{column}"))
            for column in self.file.names
            for prefix, told_as in prefixes.items()
            if column.casefold().startswith(prefix.casefold())
        ]
        if not tags:
            return "cast(null as varchar)"
        pairs = ", ".join(
            f"{text_literal(_json(name))} || ':' || cast(to_json({cell}) as varchar)"
            for name, cell in tags
        )
        return f"nullif('{{' || concat_ws(',', {pairs}) || '}}', '{{}}')"

    def _given(self) -> Iterator[str]:
        for name, expression in self.export.gives.items():
            kind = known().columns[name].type.sql
            yield f"cast({expression} as {kind}) as {value_of(name)}"
        for name, extra in self.export.extra.items():
            yield f"cast({extra.value} as {extra.type.sql}) as {value_of(name)}"

    def _reasons(self) -> Iterator[tuple[str, str]]:
        broken = dict(self._broken())
        for name, when in broken.items():
            yield when, told(self._told_as(name), _text(name), f"'{MUST_BE[self._type(name)]}'")
        for name in known().essential:
            if name in self.export.gives:
                yield (
                    self._lacking(name, broken),
                    told(name, "null", "'is told by nothing in this record'"),
                )
        for name, column in self._json():
            value = value_of(name)
            kind = f"json_type({_valid(value)})"
            bad = f"{value} is not null and {kind} is distinct from 'OBJECT'"
            yield bad, told(name, value, f"'{MUST_BE[column.type]}'")
        for rule in refusing(self.columns):
            shown = f"cast({value_of(rule.column)} as varchar)"
            yield rule.written(value_of), told(rule.column, shown, f"'{rule.says}'")

    def _broken(self) -> Iterator[tuple[str, str]]:
        for name in (*self.places, *(name for name, _ in self._part_reads())):
            text, value = _text(name), _value(name)
            if self.export.parts and name == self.export.parts.of:
                yield name, f"{text} is not null and {_objects(text)} is null"
            elif self._type(name) is not Type.TEXT:
                yield name, f"{text} is not null and {value} is null"

    def _lacking(self, name: str, broken: Mapping[str, str]) -> str:
        """A column of FOCUS comes to nothing, and no value that it is made of is broken."""
        used = [broken[word] for word in words(self.export.gives[name]) if word in broken]
        unbroken = "".join(f" and not coalesce({one}, false)" for one in sorted(used))
        return f"{value_of(name)} is null{unbroken}"

    def _json(self) -> Iterator[tuple[str, Column]]:
        for name in self.export.gives:
            if known().columns[name].type is Type.JSON:
                yield name, known().columns[name]

    def _type(self, name: str) -> Type:
        return {**self.export.reads, **dict(self._part_reads())}[name].type

    def _told_as(self, name: str) -> str:
        if name in self.places:
            return self.places[name].told
        ((read, of),) = ((dict(self._part_reads())[name], self.export.parts),)
        return f"{self.places[of.of].told}.{read.called[0]}" if of and of.of else name

    def _rounded(self) -> str:
        there = {*self.places, *(name for name, _ in self._part_reads())}
        money = sorted(self.export.money() & there)
        return rounded(
            self.form,
            {
                f"own {name}": self._told_as(name)
                for name in money
                if self._type(name) is Type.DECIMAL
            },
        )

    def _kept(self) -> Iterator[str]:
        for name in (*self.export.gives, *self.export.extra):
            yield f"{counted(name)} as {identifier(name)}"
        yield from (identifier(f"x_{called}") for called in self.file.names)


def _places(export: Export, file: BillFile) -> Iterator[tuple[str, Place | None]]:
    for name, read in export.reads.items():
        yield name, next(filter(None, map(file.place, read.called)), None)


def fits(export: Export, file: BillFile) -> bool:
    """Whether a file has the columns that an export is known by."""
    found = dict(_places(export, file))
    return all(found[name] for name, read in export.reads.items() if read.is_needed)


def _text(name: str) -> str:
    """The SQL name of the text of a value of the export, apart from those of FOCUS."""
    return text_of(f"own {name}")


def _cell(name: str) -> str:
    return told_of(f"own {name}")


def _value(name: str) -> str:
    return value_of(f"own {name}")


def _objects(text: str) -> str:
    """SQL of a list of JSON objects, null if the text is none."""
    listed = f"try_cast({_valid(text)} as json[])"
    others = f"list_filter({listed}, lambda x: json_type(x) is distinct from 'OBJECT')"
    is_list = f"json_type({_valid(text)}) = 'ARRAY'"
    return f"case when {is_list} and len({others}) = 0 then {listed} end"


def _valid(text: str) -> str:
    return f"case when json_valid({text}) then {text} end"


def _json(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
