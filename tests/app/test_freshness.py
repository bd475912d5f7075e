"""The line in the sidebar that says until when the data is complete."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.components.freshness import complete_until
from data.health.sources import Freshness, SourceHealth, StreamMark

LATEST = datetime(2026, 11, 1, tzinfo=UTC)
EARLIER = datetime(2026, 10, 20, tzinfo=UTC)


def _source(*until: datetime | None) -> SourceHealth:
    marks = tuple(StreamMark(f"s{number}", "", None, at, LATEST) for number, at in enumerate(until))
    return SourceHealth("web", Freshness.FRESH, None, marks, ())


@pytest.mark.parametrize(
    ("sources", "told"),
    [
        ([_source(LATEST)], "Complete until 1 Nov 2026, 00:00 UTC"),
        (
            [_source(LATEST), _source(LATEST, EARLIER)],
            "Complete until 20 Oct 2026, 00:00 UTC, in part until 1 Nov 2026, 00:00 UTC",
        ),
        (
            [_source(LATEST), _source(None)],
            "Complete until 1 Nov 2026, 00:00 UTC, in part not known",
        ),
    ],
)
def test_the_source_that_is_known_least_is_told(sources: list[SourceHealth], told: str) -> None:
    assert complete_until(sources, LATEST) == told
