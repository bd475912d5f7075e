"""Where things stand in a picture that is read from left to right."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.components.layers import Layout, arrange

NAMES = [f"n{number}" for number in range(9)]


def flat(nodes: list[str], edges: list[tuple[str, str]]) -> Layout:
    return arrange(nodes, edges, lambda _: 0)


def columns(layout: Layout) -> dict[str, int]:
    return {name: column for name, (column, _) in layout.places.items()}


def test_nothing_has_no_place() -> None:
    assert flat([], []) == Layout(0, 0, {}, {})


def test_a_chain_goes_from_left_to_right_on_one_row() -> None:
    layout = flat(["a", "b", "c"], [("a", "b"), ("b", "c")])
    assert layout.places == {"a": (0, 0), "b": (1, 0), "c": (2, 0)}
    assert layout.rows == 1


def test_what_leads_to_a_late_thing_stands_near_it() -> None:
    layout = flat(["a", "b", "c", "late"], [("a", "b"), ("b", "c"), ("late", "c")])
    assert columns(layout)["late"] == 1


def test_a_later_stage_stands_right_of_all_earlier_ones() -> None:
    layout = arrange(["a", "b", "model"], [("a", "b")], lambda name: int(name == "model"))
    assert columns(layout)["model"] == 2


def test_lines_that_need_not_cross_do_not() -> None:
    layout = flat(["a", "b", "x", "y"], [("a", "y"), ("b", "x")])
    row = {name: place[1] for name, place in layout.places.items()}
    assert (row["a"] < row["b"]) == (row["y"] < row["x"])


def test_a_line_over_a_column_passes_beside_what_stands_there() -> None:
    layout = flat(["a", "b", "c"], [("a", "b"), ("b", "c"), ("a", "c")])
    (_, (_, passing), _) = layout.routes["a", "c"]
    assert abs(passing - layout.places["b"][1]) >= 0.5


def test_a_circle_is_drawn_with_one_line_that_goes_back() -> None:
    layout = flat(["a", "b", "c"], [("a", "b"), ("b", "c"), ("c", "a")])
    assert columns(layout) == {"a": 0, "b": 1, "c": 2}
    assert layout.routes["c", "a"] == [layout.places["c"], layout.places["a"]]


EDGES = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=25)


@given(EDGES, st.lists(st.integers(0, 2), min_size=len(NAMES), max_size=len(NAMES)))
def test_everything_has_a_place_of_its_own_whatever_leads_where(
    edges: list[tuple[str, str]], stages: list[int]
) -> None:
    stage = dict(zip(NAMES, stages, strict=True))
    layout = arrange(NAMES, edges, stage.__getitem__)
    assert set(layout.places) == set(NAMES)
    assert set(layout.routes) == {edge for edge in edges if edge[0] != edge[1]}
    for number in range(layout.columns):
        rows = sorted(row for column, row in layout.places.values() if column == number)
        assert rows
        assert all(below - above >= 1 - 1e-9 for above, below in pairwise(rows))
    assert min(row for _, row in layout.places.values()) == 0


@given(EDGES)
def test_lines_go_to_the_right_unless_they_close_a_circle(edges: list[tuple[str, str]]) -> None:
    forward = [(left, right) for left, right in edges if left < right]
    layout = flat(NAMES, forward)
    for route in layout.routes.values():
        assert [column for column, _ in route] == list(range(route[0][0], route[-1][0] + 1))
        assert len(route) > 1
