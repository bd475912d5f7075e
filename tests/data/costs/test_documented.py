"""The examples of docs/costs/allocation.md do what is written there."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from data.configuration import load
from data.costs.allocation.book import Book
from data.costs.allocation.pool import Fallback, Method
from data.costs.drivers import drivers
from data.costs.lines import Wanted, lines
from data.costs.views.allocation import coverage
from data.costs.views.asked import Asked, Cost
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace
from tests.data.costs.bill.bills import bill, line
from tests.data.costs.turn import turn

TEXT = (Path(__file__).parents[3] / "docs" / "costs" / "allocation.md").read_text(encoding="utf-8")
CONFIGURATION, RULES = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
SOURCE = """
[[team]]
name = "payments"
[[team]]
name = "web"
[[source]]
kind = "bills"
name = "cloud"
path = "bills"
delivery = "replacement"
"""


def charges() -> Iterator[dict[str, str]]:
    """The table of charges, row by row."""
    rows = [
        [cell.strip() for cell in row.strip("|").split("|")]
        for row in TEXT.splitlines()
        if row.startswith("| ") and row.count("|") == 10
    ]
    for row in rows[1:]:
        yield dict(zip(rows[0], row, strict=True))


@pytest.fixture(scope="module")
def documented(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("documented")
    (folder / "cairn.toml").write_text(CONFIGURATION + SOURCE, encoding="utf-8")
    (folder / "rules.toml").write_text(RULES, encoding="utf-8")
    (folder / "bills").mkdir()
    rows = []
    for charge in charges():
        category, _, unused = charge["ChargeCategory"].partition(", ")
        cost = charge["EffectiveCost"]
        copied = {name: charge[name] for name in ("ServiceName", "SubAccountId", "Tags")}
        rows.append(
            line(
                **copied, ChargeCategory=category, BilledCost=cost, EffectiveCost=cost,
                ChargeDescription=charge["charge"],
                CommitmentDiscountStatus=unused.capitalize(),
                CommitmentDiscountId="plan" if unused else "",
            )
        )  # fmt: skip
    bill(folder / "bills", *rows)
    workspace = Workspace(folder)
    turn(workspace)
    return workspace


def test_each_charge_of_the_document_goes_as_it_says(documented: Workspace) -> None:
    parts: dict[tuple[str, str, str], dict[str, Decimal]] = defaultdict(
        lambda: defaultdict(Decimal)
    )
    with closing(SnapshotReader(documented)) as reader, reader.reading() as opened:
        for one in lines(opened, documented.bills, Wanted()).table.to_pylist():
            key = (one["description"], one["rule"] or "none", one["bucket"])
            parts[key][one["team"] or "nobody"] += one["effective_cost"]
    assert {key: dict(each) for key, each in parts.items()} == {
        (one["charge"], one["rule"], one["bucket"]): _who(one) for one in charges()
    }


def test_the_coverage_of_the_document_is_what_it_comes_to(documented: Workspace) -> None:
    with closing(SnapshotReader(documented)) as reader, reader.reading() as opened:
        found = coverage(opened, Asked(currency="EUR"))
    assert {one.cost for one in found} == set(Cost)
    for one in found:
        assert (one.total, one.unallocated) == (Decimal(240), Decimal(12))
        assert f"coverage is {one.share:.1%}".replace("%", " %") in TEXT


def test_the_example_uses_each_key_that_there_is(documented: Workspace) -> None:
    assert load(documented.configuration).cost.rules == "rules.toml"
    told = tomllib.loads(RULES)
    for kind in ("rule", "pool"):
        section = Book.model_fields[kind].annotation
        (model, _) = section.__args__  # type: ignore[union-attr]
        keys = {field.alias or name for name, field in model.model_fields.items()}
        used = {key for one in told[kind] for key in one}
        missing = keys - used - {"from", "until"}
        assert not missing, f"the example of a {kind} lacks {missing}"


@pytest.mark.parametrize("word", sorted({*Method, *Fallback, *drivers()}))
def test_each_word_of_a_split_is_explained(word: str) -> None:
    assert f"`{word}`" in TEXT


def _who(charge: dict[str, str]) -> dict[str, Decimal]:
    if charge["who has it"] == "nobody":
        return {"nobody": Decimal(charge["EffectiveCost"])}
    found: dict[str, Decimal] = {}
    for each in charge["who has it"].split(", "):
        team, _, amounts = each.partition(" ")
        found[team] = sum(map(Decimal, amounts.split(" + ")), Decimal(0))
    return found
