"""Allocations of OpenCost: use, what is idle, and what has no name."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from data.costs.bill.examining import examine
from data.costs.bill.form import Form
from data.costs.bill.native.mapping import View
from data.costs.bill.refusal import BillRefused
from tests.data.costs.bill.native.exports import allocation
from tests.data.costs.bill.native.taken import FORM, lines, sums


def document(folder: Path, *windows: dict[str, object] | None) -> Path:
    path = folder / "allocation.json"
    path.write_text(json.dumps({"code": 200, "data": windows}), encoding="utf-8")
    return path


def test_opencost_tells_use_idle_and_what_has_no_name(tmp_path: Path) -> None:
    labels = {"cluster": "quay", "namespace": "pay", "labels": {"team": "pay"}}
    path = document(
        tmp_path,
        {
            "pay": allocation("pay", 0.1, properties=labels),
            "__idle__": allocation("__idle__", 0.7),
        },
        None,
        {
            "__unallocated__": allocation(
                "__unallocated__", 0.2, cpuCost=0.3, cpuCostAdjustment=-0.1
            )
        },
    )
    found = examine(path, Form(currency="EUR"))
    assert (found.version, found.view, found.refused) == ("opencost", View.ESTIMATE, ())
    assert sums(found) == {"EffectiveCost": Decimal(1)}, "not 0.9999999999999999"
    assert not found.told
    columns = "bill_row, ResourceName, CapacityReservationStatus, SubAccountId, Tags"
    assert lines(tmp_path, path, columns, Form(currency="EUR")) == [
        (1, "pay", None, "pay", '{"team":"pay"}'),
        (2, "__idle__", "Unused", None, None),
        (3, "__unallocated__", None, None, None),
    ]


def test_opencost_without_a_currency_is_refused_and_parts_must_add_up(tmp_path: Path) -> None:
    path = document(tmp_path, {"a": allocation("a", 1.0, cpuCost=0.5), "b": allocation("b", 2.0)})
    refused = examine(path, FORM).refused
    assert [(one.row, one.column) for one in refused] == [
        (1, "BillingCurrency"),
        (2, "BillingCurrency"),
    ]
    found = examine(path, Form(currency="EUR"))
    assert [(one.rule, one.count, one.rows) for one in found.told] == [("opencost-parts", 1, (1,))]


def test_an_allocation_without_a_number_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "allocation.json"
    told = json.dumps([{"a": allocation("a", float("nan")), "b": allocation("b", 1.5)}])
    path.write_text(told, encoding="utf-8")
    found = examine(path, Form(currency="EUR"))
    assert [(one.row, one.column, one.written) for one in found.refused] == [
        (1, "cpuCost", "NaN"), (1, "totalCost", "NaN")
    ]  # fmt: skip
    assert sums(found) == {"EffectiveCost": Decimal("1.5")}


@pytest.mark.parametrize(
    ("text", "said"),
    [("{", "is no JSON document"), ('{"a": 1}', "is no list of costs"), ("[]", "has no objects")],
)
def test_json_that_tells_no_costs_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "bill.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BillRefused, match=said):
        examine(path, FORM)
