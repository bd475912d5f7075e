"""How an export of a provider is read: its own values first, then those of FOCUS from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from data.costs.bill.column import Type, known
from data.costs.bill.form import Form
from data.costs.bill.fragment import counted, joined, refused, rounded, value_of
from data.costs.bill.native.mapping import WORD, Export, Read, View
from data.costs.bill.native.naming import objects, own_cell, own_text, own_value
from data.costs.bill.native.placing import places
from data.costs.bill.native.refusing import Refusing
from data.costs.bill.rule import Rule
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
        return places(self.export, self.file)

    @property
    def _refusing(self) -> Refusing:
        return Refusing(self.export, self.places)

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
            judged as (select *, {refused(self._refusing.reasons())} as refused from given)
            select {number}{joined(self._kept())}, {self._rounded()} as rounded, refused
            from judged
        """

    def _written(self) -> Iterator[str]:
        for name, place in self.places.items():
            yield f"{self.file.text(place, self.form)} as {own_text(name)}"
            if self.file.is_native(place) and not place.inside:
                yield f"{identifier(place.column)} as {own_cell(name)}"
        for called in self.file.names:
            yield f"{self.file.text(Place(called), self.form)} as {identifier(f'x_{called}')}"

    def _part(self) -> str:
        parts = self.export.parts
        if parts is None:
            return "false as is_part"
        each = WORD.sub(lambda found: self._text_or_none(found.group()), parts.each or "")
        listed = objects(own_text(parts.of)) if parts.of else f"({each})"
        whole = f"unnest(list_prepend(null, coalesce({listed}, [])))"
        return f"{whole} as part, part is not null as is_part"

    def _text_or_none(self, word: str) -> str:
        """A word of SQL, or the text of a value if it names one."""
        if word not in self.export.reads:
            return word
        return own_text(word) if word in self.places else "cast(null as varchar)"

    def _part_texts(self) -> Iterator[str]:
        for name, read in self._part_reads():
            step = text_literal(f'$."{read.called[0]}"')
            yield f"{self.form.text(f'(part ->> {step})')} as {own_text(name)}"
        yield "true as is_read"

    def _part_reads(self) -> Iterator[tuple[str, Read]]:
        if self.export.parts:
            yield from self.export.parts.reads.items()

    def _valued(self) -> Iterator[str]:
        for name, read in self.export.reads.items():
            if place := self.places.get(name):
                is_own = self.file.is_native(place) and not place.inside
                cell = own_cell(name) if is_own else own_text(name)
                value = self.file.value(place, own_text(name), cell, self.form, read.type)
            else:
                value = f"cast(null as {read.type.sql})"
            yield f"{value} as {own_value(name)}, {own_value(name)} as {name}"
        for name, read in self._part_reads():
            value = self.form.value(own_text(name), read.type)
            yield f"{value} as {own_value(name)}, {own_value(name)} as {name}"

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

    def _rounded(self) -> str:
        there = {*self.places, *(name for name, _ in self._part_reads())}
        money = sorted(self.export.money() & there)
        return rounded(
            self.form,
            {
                f"own {name}": self._refusing.told_as(name)
                for name in money
                if self._refusing.type_of(name) is Type.DECIMAL
            },
        )

    def _kept(self) -> Iterator[str]:
        for name in (*self.export.gives, *self.export.extra):
            yield f"{counted(name)} as {identifier(name)}"
        yield from (identifier(f"x_{called}") for called in self.file.names)


def _json(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
