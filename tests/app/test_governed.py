"""What is in the scope of a decision: only what its control looks at."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from app.governed import matches
from data.decisions.scope import parse_scope
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace


def first(folder: Path, table: str) -> str:
    """The id of the newest row of a table."""
    with closing(SnapshotReader(Workspace(folder))) as reader, reader.reading() as snapshot:
        row = snapshot.rows(f'select id from "{table}" order by happened_at desc, id limit 1')[0]
    return str(row["id"])


@pytest.mark.parametrize(
    ("control", "scope", "is_in"),
    [
        ("CM-03", "organisation", True),
        ("CM-03", "team:web", True),
        ("CM-03", "service:web", False),
        ("DP-05", "service:web", True),
    ],
)
def test_a_kind_of_thing_that_a_control_never_names_is_not_in_it(
    harbour: Path, control: str, scope: str, is_in: bool
) -> None:
    assert bool(matches(Workspace(harbour), control, parse_scope(scope))) == is_in


def test_a_row_is_in_the_scope_of_the_control_that_looks_at_it_alone(harbour: Path) -> None:
    change, deployed = first(harbour, "merged_change"), first(harbour, "deployment_record")
    assert matches(Workspace(harbour), "CM-03", parse_scope(f"row:{change}"))
    assert not matches(Workspace(harbour), "CM-03", parse_scope(f"row:{deployed}"))
