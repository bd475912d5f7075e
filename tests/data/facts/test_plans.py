"""How facts of models are computed: none compares each row of one table with each of another."""

from __future__ import annotations

import re
from typing import Any

import pytest

from data.facts import build
from data.facts.build import FACTS
from tests.data.facts.registry import CHURN, alert, alias, gate, run, tag, version
from tests.data.facts.story import Story
from tests.data.facts.test_model_days import trained, value

ABOUT = ("model_", "registry_", "gate_", "promotion_", "training_")
OF_MODELS = [name for name in FACTS if name.startswith(ABOUT)]
DUCKDB_ALONE = re.compile(
    r"\b(arg_max|arg_min|unnest|generate_series|range|list_\w+|mode|asof)\b|\*\s+(replace|exclude)"
    r"|\b(group|order) by all\b",
)


@pytest.fixture(name="plans")
def _plans(story: Story, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """How each fact of a story of models is computed."""
    plans: dict[str, str] = {}
    create = build._create

    def planned(connection: Any, into: str, name: str) -> None:
        plans[name] = connection.execute(f"explain {build.fact_sql(name)}").fetchall()[0][1]
        create(connection, into, name)

    monkeypatch.setattr(build, "_create", planned)
    told = story(
        [CHURN, *(version(number) for number in range(1, 9))],
        [run(number) for number in range(1, 9)],
        [gate(number, "pass", f"2026-05-0{number}") for number in range(1, 9)],
        [
            tag(number, "a", "b", f"2026-05-0{number + 1}", f"2026-05-0{number}")
            for number in (1, 2)
        ],
        [alias(1, "2026-05-01"), alias(2, "2026-05-10", "2026-05-09"), alert("2026-05-11")],
        [trained(1, 0.9), value(0.8, "2026-05-03"), value(0.7, "2026-05-04", version="1")],
    )
    assert told.snapshot.manifest["rows"]
    return plans


def test_no_fact_of_models_joins_by_trying_every_pair(plans: dict[str, str]) -> None:
    assert OF_MODELS
    assert [name for name in OF_MODELS if "blockwise" in plans[name].lower()] == []


@pytest.mark.parametrize("name", OF_MODELS)
def test_what_one_engine_alone_understands_stands_in_the_dialect(name: str) -> None:
    assert DUCKDB_ALONE.findall(build.fact_sql(name)) == []
