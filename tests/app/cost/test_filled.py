"""Tables leave out what says nothing, and tags are told as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.components.cost.filled import filled
from app.components.cost.tags import tags_told


def test_a_column_that_no_line_fills_is_left_out() -> None:
    lines = [
        {"Cost": Decimal(0), "Way": None, "Team": None},
        {"Cost": None, "Way": "", "Team": "pay"},
    ]
    assert filled(lines) == [{"Cost": Decimal(0), "Team": None}, {"Cost": None, "Team": "pay"}]


def test_a_column_stays_where_it_tells_something_that_nothing_is_there() -> None:
    assert filled([{"Invoice": None, "Way": None}], "Invoice") == [{"Invoice": None}]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"team": "pay", "env": "prod"}', "env=prod, team=pay"),
        ('{"team": "pay", "spot": true, "owner": null}', "owner=, spot=true, team=pay"),
        ("{}", None),
        (None, None),
        ("team:pay", "team:pay"),
    ],
)
def test_tags_are_told_by_name_and_value(text: str | None, told: str | None) -> None:
    assert tags_told(text) == told
