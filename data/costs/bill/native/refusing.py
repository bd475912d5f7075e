"""Why a record of an export is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from data.costs.bill.column import Column, Type, known
from data.costs.bill.fragment import MUST_BE, told, value_of
from data.costs.bill.native.mapping import Export, Read, words
from data.costs.bill.native.naming import objects, own_text, own_value, valid_json
from data.costs.bill.rule import refusing
from data.costs.bill.table import Place


@dataclass(frozen=True)
class Refusing:
    """What is asked of a record: its own values first, then the columns of FOCUS from them."""

    export: Export
    places: Mapping[str, Place]

    def reasons(self) -> Iterator[tuple[str, str]]:
        """Conditions, each with what is told where it holds."""
        broken = dict(self._broken())
        for name, when in broken.items():
            yield when, told(self.told_as(name), own_text(name), f"'{MUST_BE[self.type_of(name)]}'")
        for name in known().essential:
            if name in self.export.gives:
                yield (
                    self._lacking(name, broken),
                    told(name, "null", "'is told by nothing in this record'"),
                )
        for name, column in self._json():
            value = value_of(name)
            kind = f"json_type({valid_json(value)})"
            bad = f"{value} is not null and {kind} is distinct from 'OBJECT'"
            yield bad, told(name, value, f"'{MUST_BE[column.type]}'")
        for rule in refusing(self.export.gives):
            shown = f"cast({value_of(rule.column)} as varchar)"
            yield rule.written(value_of), told(rule.column, shown, f"'{rule.says}'")

    def _broken(self) -> Iterator[tuple[str, str]]:
        for name in (*self.places, *self._parts()):
            text, value = own_text(name), own_value(name)
            if self.export.parts and name == self.export.parts.of:
                yield name, f"{text} is not null and {objects(text)} is null"
            elif self.type_of(name) is not Type.TEXT:
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

    def type_of(self, name: str) -> Type:
        """What a value should be."""
        return {**self.export.reads, **self._parts()}[name].type

    def told_as(self, name: str) -> str:
        """What the file calls a value."""
        if name in self.places:
            return self.places[name].told
        called, parts = self._parts()[name].called[0], self.export.parts
        return f"{self.places[parts.of].told}.{called}" if parts and parts.of else called

    def _parts(self) -> Mapping[str, Read]:
        return self.export.parts.reads if self.export.parts else {}
