"""Whether a control's SQL says of its members what every control must say."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from data.configuration.place import Step
from data.controls.compose import MEMBER
from data.controls.definition import Control


@dataclass(frozen=True, slots=True)
class Misshapen:
    """What is wrong with the answer as a whole, and which key of the file is about it."""

    what: str
    steps: tuple[Step, ...]


def misshapen(control: Control, found: pa.Table) -> Misshapen | None:
    """What is wrong with the rows that the statement of a control gave; None: nothing.

    Members that share an id would be counted twice, and one without an id cannot be answered for.
    """
    there = found.column_names
    lacking = next((name for name in MEMBER if name not in there), None)
    if lacking is not None:
        return Misshapen(f"its population says no `{lacking}`", ("population",))
    for index, name in enumerate(control.columns):
        if name not in there:
            return Misshapen(f"its population has no column `{name}`", ("columns", index))
    ids = found.column("id")
    if not pa.types.is_string(ids.type) and len(ids) > ids.null_count:
        return Misshapen("its population says an `id` that is no text", ("population",))
    if ids.null_count:
        return Misshapen(f"its population says null as `id`, {_times(ids)}", ("population",))
    if pc.count_distinct(ids).as_py() < len(ids):
        # The id of a person is a name, and what is said here is shown to everybody.
        twice = "an id" if control.is_about_people else f"`{_first_twice(ids)}`"
        return Misshapen(f"its population says {twice} more than once", ("population",))
    return None


def _times(ids: pa.ChunkedArray) -> str:
    return "once" if ids.null_count == 1 else f"{ids.null_count:,} times"


def _first_twice(ids: pa.ChunkedArray) -> str:
    """The first id, in their order, that is there more than once."""
    counted = pc.value_counts(ids)
    many = counted.filter(pc.greater(counted.field("counts"), 1))
    return str(pc.min(many.field("values")).as_py())
