"""What is wrong with the rows of a control is said without naming anybody."""

from __future__ import annotations

import pyarrow as pa
import pytest

from data.controls.compose import MEMBER
from data.controls.shape import misshapen
from tests.data.controls.made import control


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ((), "its population says `m.alder` more than once"),
        (("title",), "its population says an id more than once"),
    ],
)
def test_of_people_it_is_not_said_who_is_told_twice(names: tuple[str, ...], said: str) -> None:
    rows = pa.table({name: pa.array(["m.alder", "m.alder"]) for name in MEMBER})
    found = misshapen(control(names=names), rows)
    assert found is not None
    assert found.what == said
