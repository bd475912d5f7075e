"""A path stands in a statement as it is."""

from __future__ import annotations

from pathlib import Path

from data.store.quoting import quoted


def test_a_quote_in_a_path_is_doubled() -> None:
    assert quoted(Path("/it's")) == "/it''s"
