"""The `prometheus` source against the clauses that bind every kind of source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from tests.connectors.conformance import Conformance
from tests.connectors.prometheus.shop import PrometheusBinding


class TestPrometheus(Conformance):
    binding = PrometheusBinding
    not_applicable: ClassVar[Mapping[str, str]] = {
        "test_a_filter_the_source_does_not_know_is_noticed": (
            "a query is no filter: one that a server does not know is refused"
        ),
        "test_only_a_complete_reading_deletes": (
            "a series tells of a stretch of the past, and what it told stays true"
        ),
        "test_what_has_no_time_is_bounded_by_two_readings": "all that it tells has a time",
    }
